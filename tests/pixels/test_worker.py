"""A worker serves its pipe until the other end is gone; its limits: tests/faults/test_hostile_pixels.py."""

from __future__ import annotations

import json
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socketpair

from tests.pixels.pictures import drawn, ramp, written

SERVE = (
    "import sys; from multiprocessing.connection import Connection; from porion.pixels.worker import serve;"
    " serve(Connection(int(sys.argv[1])), 1 << 30)"
)


def test_a_workers_life(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()))
    ours, theirs = socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
    with Connection(ours.detach()) as pipe:
        for number, answer in ((1, {"pieces": 1}), (2, {"refused": "Frame 2 of 1 is not in the file"})):
            arguments = {"path": str(path), "numbers": [number]}
            pipe.send_bytes(json.dumps({"task": "coded", "arguments": arguments, "seconds": 60}).encode())
            assert pipe.poll(60)
            said = json.loads(pipe.recv_bytes())
            assert said == answer or said["refused"].startswith(answer["refused"])
            if number == 1:
                assert pipe.recv_bytes() == ramp().tobytes()
    assert process.wait(60) == 0
