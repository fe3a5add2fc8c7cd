"""A DICOMweb server that answers what a test says, over plain HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from porion.services.node_records import NodeRow
from porion.services.remote_ports import Target
from tests.world import NOON


@dataclass
class Site:
    """``answer`` gets path and headers and gives status, headers, and a body or its chunks."""

    port: int
    answer: Callable[[str, Any], tuple[int, dict[str, str], bytes]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def target(self, token: str = "") -> Target:
        """The site as a node; its name is resolved to this machine."""
        url = f"http://pacs.example:{self.port}/dicom-web"
        node = NodeRow("1", "WEB", "", "", 0, NOON, NOON, dicomweb=url, token=token)
        return Target(node, "", "OURS", "OURS", "127.0.0.1")


@contextmanager
def a_site(answer: Callable[[str, Any], tuple[int, dict[str, str], bytes]]) -> Iterator[Site]:
    """A site until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            status, headers, body = site.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_port, answer)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def multipart(
    *files: bytes, boundary: str = "b", kind: str = "application/dicom"
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a multipart/related answer."""
    head = f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode()
    body = b"".join(head + file + b"\r\n" for file in files) + f"--{boundary}--\r\n".encode()
    return {"Content-Type": f'multipart/related; type="{kind}"; boundary={boundary}'}, body
