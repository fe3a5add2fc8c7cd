"""Where workers are forked: one for each request, none left when the other end is gone."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from porion.pixels.crew import ANSWER, REQUEST
from tests.pixels.pictures import drawn, ramp, written


def test_a_worker_for_each_request(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()))
    control, nursery = _begun()
    with control:
        workers = [_worker(control) for _ in range(2)]
        assert len({number for number, _ in workers}) == 2
        for _, pipe in workers:
            asked = {"task": "coded", "arguments": {"path": str(path), "numbers": [1]}, "seconds": 60}
            pipe.send_bytes(json.dumps(asked).encode())
            assert pipe.poll(60)
            assert json.loads(pipe.recv_bytes()) == {"pieces": 1}
            assert pipe.recv_bytes() == ramp().tobytes()
        watched = [os.pidfd_open(number) for number, _ in workers]
    assert nursery.wait(60) == 0
    for (_, pipe), watch in zip(workers, watched, strict=True):
        pipe.close()
        assert select.select([watch], [], [], 60)[0]
        os.close(watch)


def test_who_dies_after_asking_leaves_no_trace_of_it() -> None:
    control, nursery = _begun(stderr=subprocess.PIPE)
    with control:
        # Nobody will read the answer, as when the asking process was killed.
        control.shutdown(socket.SHUT_RD)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(control, [REQUEST.pack(1 << 30)], [theirs.fileno()])
        _, said = nursery.communicate(timeout=60)
    assert (nursery.returncode, said) == (0, b"")


def _begun(stderr: int | None = None) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    control, theirs = socket.socketpair()
    with theirs:
        nursery = subprocess.Popen(
            [sys.executable, "-m", "porion.pixels.nursery", str(theirs.fileno()), "1"],
            pass_fds=[theirs.fileno()],
            stderr=stderr,
        )
    return control, nursery


def _worker(control: socket.socket) -> tuple[int, Connection]:
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(control, [REQUEST.pack(1 << 30)], [theirs.fileno()])
        (number,) = ANSWER.unpack(control.recv(ANSWER.size))
    return number, Connection(ours.detach())
