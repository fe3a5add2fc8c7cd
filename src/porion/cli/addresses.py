"""Addresses on the command line, and the sockets that listen there."""

from __future__ import annotations

import socket

from porion.services.errors import Conflict, Invalid

DEFAULT_HTTP = "127.0.0.1:8040"
DEFAULT_DICOM = "127.0.0.1:11112"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def read_address(text: str, example: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; an empty host is this machine's loopback."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or LOOPBACK[0]
    if not port.isascii() or not port.isdecimal() or int(port) > 65_535:
        raise Invalid(f"{text} is no address: write HOST:PORT, such as {example}.")
    return host, int(port)


def listening(host: str, port: int, backlog: int = 128) -> socket.socket:
    """A listening socket; Conflict when somebody else has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # What it accepts has this too: else an answer in two pieces waits 40 ms for the caller's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        raise Conflict(f"Nobody can listen at {host}:{port}: {error.strerror or error}.") from error
    return listener


def shown(host: str, listener: socket.socket) -> str:
    """Where a socket listens, as people write it."""
    port = listener.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
