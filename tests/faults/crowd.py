"""Hostile peers in a process of their own: each connects, says little or nothing, and comes again at once.

    python crowd.py PORT COUNT KIND

KIND is ``silent``, ``partial`` (3 bytes of a PDU), ``begun`` (half a request) or ``dripping`` (a byte of an
announced request now and then). Standard output: a line when all have been connected once. It goes on
until standard input ends.
"""

from __future__ import annotations

import selectors
import socket
import sys
from contextlib import suppress

FIRST = {
    "silent": b"",
    "partial": b"\x01\x00\x00",
    "begun": b"\x01\x00\x00\x00\x01\x00\x00\x01\x00\x00PORION          ",
    "dripping": b"\x01\x00\x00\x00\x01\x00",
}
# Another machine than the devices', as far as loopback has one.
ADDRESS = "127.0.0.66"


def connected(port: int, kind: str) -> socket.socket:
    """A new connection on which the first bytes were said."""
    peer = socket.create_connection(("127.0.0.1", port), 30, source_address=(ADDRESS, 0))
    with suppress(OSError):
        peer.sendall(FIRST[kind])
    return peer


def main(port: int, count: int, kind: str) -> None:
    """Keep so many connections open; whoever is closed comes again."""
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        for _ in range(count):
            selector.register(connected(port, kind), selectors.EVENT_READ)
        sys.stdout.write("all were there\n")
        sys.stdout.flush()
        while True:
            ended = [key.fileobj for key, _ in selector.select()]
            if sys.stdin in ended:
                return
            for one in ended:
                selector.unregister(one)
                one.close()
                selector.register(connected(port, kind), selectors.EVENT_READ)
            if kind == "dripping":
                for key in list(selector.get_map().values()):
                    if isinstance(key.fileobj, socket.socket):
                        with suppress(OSError):
                            key.fileobj.send(b"\x00")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
