"""Where workers come from: a process with one thread and every codec loaded, which forks them on request.

Forking the web process instead would copy its threads' locks and its database; starting an
interpreter for each worker would take a second and its own copy of every library.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from porion.pixels.crew import ANSWER, REQUEST
from porion.pixels.worker import serve


def main(control: int, niceness: int) -> None:
    """Fork a worker for each request until the other end is gone: a limit of memory and one end of a pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The system forgets workers that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.nice(niceness)
    # Whoever asked may be killed before it hears the answer.
    with socket.socket(fileno=control) as parent, suppress(ConnectionError):
        while True:
            request, pipes, _, _ = socket.recv_fds(parent, REQUEST.size, 1)
            if not request:
                return
            parent.sendall(ANSWER.pack(_worker(parent, pipes[0], *REQUEST.unpack(request))))
            os.close(pipes[0])


def _worker(parent: socket.socket, pipe: int, memory: int) -> int:
    number = os.fork()
    if number:
        return number
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    parent.close()
    try:
        serve(Connection(pipe), memory)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
