"""A device of its own process: sends files over DICOM and keeps a ledger of what it was told is safe.

It knows nothing of Porion: pynetdicom sends a file's bytes as they lie, and what a data set's digest is,
is computed here. A line of the ledger is flushed before anybody hears of it.

    python sender.py TITLE LEDGER FOLDER PER_ASSOCIATION

Standard input: a port to send to. Standard output: ``TITLE kept DIGEST``, ``TITLE refused STATUS``,
``TITLE away`` (nobody answers there; another port is awaited), ``TITLE done``.
"""

from __future__ import annotations

import hashlib
import os
import random
import socket
import sys
from collections import deque
from pathlib import Path

from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.dsutils import split_dataset

_config.STORE_SEND_CHUNKED_DATASET = True

# How often a file that was kept is sent once more, and an association is cut off in a random place.
_AGAIN, _ABORTED = 0.05, 0.03
_PATIENCE = 5


class Sender:
    """Sends each file until it hears success, one association for so many files."""

    def __init__(self, title: str, ledger: Path, folder: Path, per_association: int) -> None:
        self._title = title
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._files = deque(sorted(folder.iterdir()))
        self._per_association = per_association
        self._dice = random.Random(title)
        self._kept: list[Path] = []
        self._entity = AE(ae_title=title)
        # Who was cut off while it waits for an answer tries again soon.
        self._entity.dimse_timeout = self._entity.acse_timeout = _PATIENCE
        for uid in {split_dataset(path)[0].MediaStorageSOPClassUID for path in self._files}:
            self._entity.add_requested_context(uid, ExplicitVRLittleEndian)

    def run(self) -> None:
        """Send everything; each line of standard input is a port."""
        for line in sys.stdin:
            while self._files and self._visit(int(line)):
                pass
            if not self._files:
                self._tell("done")
                return
            self._tell("away")

    def _visit(self, port: int) -> bool:
        """One association; False when nobody answers."""
        held = self._entity.associate("127.0.0.1", port, ae_title="PORION")
        if not held.is_established:
            return _somebody_at(port)
        for _ in range(self._per_association):
            if not self._files or not held.is_established:
                break
            self._send(held)
        if held.is_established:
            held.release()
        return True

    def _send(self, held: Association) -> None:
        path = self._files[0]
        if self._kept and self._dice.random() < _AGAIN:
            path = self._dice.choice(self._kept)
        try:
            status = held.send_c_store(path).get("Status")
        except (RuntimeError, ValueError, OSError):  # The association ended a moment ago.
            return
        if status == 0:
            self._keep(path)
        elif status is not None:
            self._tell(f"refused {status:04X}")
            self._files.rotate(-1)
        if self._dice.random() < _ABORTED and held.is_established:
            held.abort()

    def _keep(self, path: Path) -> None:
        digest = hashlib.sha256(path.read_bytes()[split_dataset(path)[1] :]).hexdigest()
        os.write(self._ledger, f"{digest}\n".encode())
        os.fsync(self._ledger)
        if path == self._files[0]:
            self._kept.append(self._files.popleft())
        self._tell(f"kept {digest}")

    def _tell(self, what: str) -> None:
        os.write(1, f"{self._title} {what}\n".encode())


def _somebody_at(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    Sender(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])).run()
    os._exit(0)
