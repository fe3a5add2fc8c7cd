"""Knocking at a node names the leg that fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pynetdicom import AE

from porion.dimse.probe import probe, turned_away_by_porion
from tests.dimse.house import CT, House, nobody_there

# Seconds: whoever answers has all the time that a busy machine needs, and whoever is silent is not awaited.
PATIENCE, IMPATIENCE = 60, 0.5


def knock(
    port: int,
    *,
    host: str = "127.0.0.1",
    calling: str = "PORION",
    called: str = "PACS",
    seconds: float = PATIENCE,
) -> str | None:
    return probe(host, port, calling=calling, called=called, seconds=seconds)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            held, _ = listener.accept()
            with held:
                answer(held)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@contextmanager
def a_pacs(*classes: str) -> Iterator[int]:
    entity = AE(ae_title="PACS")
    for one in classes:
        entity.add_supported_context(one)
    entity.require_called_aet = True
    server = entity.start_server(("127.0.0.1", 0), block=False)
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def test_a_pacs_that_answers() -> None:
    with a_pacs("1.2.840.10008.1.1") as port:
        assert knock(port) is None
        assert knock(port, called="OTHER") == (
            "It rejects the association: it does not know the called AE title 'OTHER'."
        )


def test_a_pacs_without_verification() -> None:
    with a_pacs(CT) as port:
        assert "does not offer Verification" in (knock(port) or "")


def test_porion_itself(house: House) -> None:
    assert knock(house.port, calling="PAN1", called="PORION") is None
    assert turned_away_by_porion(knock(house.port, calling="NOBODY", called="PORION"))
    assert not turned_away_by_porion(None)


def test_nobody_listens() -> None:
    with nobody_there() as port:
        assert f"Nobody listens at 127.0.0.1:{port}" in (knock(port) or "")


def test_a_name_that_nobody_knows() -> None:
    assert "is not known here" in (knock(104, host="no-such-host.invalid") or "")


@pytest.mark.parametrize(
    ("answer", "told", "seconds"),
    [
        (lambda held: held.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "does not speak DICOM", PATIENCE),
        (lambda held: held.recv(10_000) and held.recv(1), "says nothing", IMPATIENCE),
        (lambda held: None, "breaks the connection off", PATIENCE),
    ],
)
def test_something_else_listens(answer: Callable[[socket.socket], None], told: str, seconds: float) -> None:
    with answering(answer) as port:
        assert told in (knock(port, seconds=seconds) or "")
