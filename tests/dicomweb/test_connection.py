from __future__ import annotations

from dataclasses import replace

import pytest

from porion.dicomweb.connection import connected
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Target
from tests.dicomweb.server import a_site
from tests.dimse.test_requestor import target


def test_a_node_without_dicomweb_is_told() -> None:
    with pytest.raises(NodeFailed, match="no DICOMweb address"), connected(target(1)):
        raise AssertionError


def test_a_redirect_leads_nowhere() -> None:
    with a_site(lambda _path, _headers: (302, {"Location": "/elsewhere"}, b"")) as site:
        with (
            connected(site.target()) as connection,
            pytest.raises(NodeFailed, match="status 302"),
            connection.get("/studies", "*/*"),
        ):
            raise AssertionError
        assert len(site.asked) == 1


def test_the_judged_address_is_connected_to_and_the_name_is_said() -> None:
    with a_site(lambda _path, _headers: (200, {}, b"")) as site:
        with connected(site.target()) as connection, connection.get("/studies", "*/*") as response:
            assert response.status_code == 200
        assert site.asked[0][1]["Host"].startswith("pacs.example:")


def test_what_speaks_no_tls_is_no_secure_node() -> None:
    with a_site(lambda _path, _headers: (200, {}, b"")) as site:
        plain = site.target()
        node = replace(plain.node, dicomweb=plain.node.dicomweb.replace("http:", "https:"))
        secure = Target(node, "", "OURS", "OURS", "127.0.0.1")
        with connected(secure) as connection, pytest.raises(NodeFailed), connection.get("/studies", "*/*"):
            raise AssertionError
