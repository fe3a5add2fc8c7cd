"""An approved device beside hostile ones, and what a server's processes hold while they are there."""

from __future__ import annotations

import ssl
import time
from contextlib import suppress
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE

from tests.faults.serving import Served

VERIFICATION = "1.2.840.10008.1.1"


def echoes(port: int) -> bool:
    """Whether DEVICE0 hears an answer to an echo."""
    entity = AE(ae_title="DEVICE0")
    entity.add_requested_context(VERIFICATION)
    held = entity.associate("127.0.0.1", port, ae_title="PORION")
    try:
        return held.is_established and held.send_c_echo().get("Status") == 0
    finally:
        if held.is_established:
            held.release()


def stores(
    port: int, image: Dataset, *, title: str = "DEVICE0", tls: ssl.SSLContext | None = None
) -> float | None:
    """How long a device takes to store an image over an association of its own; None when it fails."""
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    entity = AE(ae_title=title)
    entity.add_requested_context(image.SOPClassUID, ExplicitVRLittleEndian)
    begun = time.monotonic()
    held = entity.associate("127.0.0.1", port, ae_title="PORION", tls_args=(tls, None) if tls else None)
    if not held.is_established:
        return None
    status = held.send_c_store(image).get("Status")
    took = time.monotonic() - begun
    if held.is_established:
        held.release()
    return took if status == 0 else None


def leftovers(server: Served) -> dict[int, tuple[int, int]]:
    """How many handles and threads each receiver of a server holds."""
    return {
        pid: (_handles(pid), len(list(Path(f"/proc/{pid}/task").iterdir()))) for pid in _receivers(server)
    }


def until_nothing_is_left(server: Served, before: dict[int, tuple[int, int]], seconds: float = 120) -> None:
    """Return when no receiver holds more than before; it gets so long for it, and is asked for echoes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = leftovers(server)
        more = {pid: (now[pid], before[pid]) for pid in before if _more(now[pid], before[pid])}
        if not more:
            return
        assert echoes(server.port)
    raise AssertionError(f"handles and threads are left: {more}")


def memory(server: Served) -> int:
    """The most bytes that a receiver has held in memory so far."""
    return max(map(_peak, _receivers(server)))


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))


def _receivers(server: Served) -> list[int]:
    return [pid for pid, name in server.parts().items() if name == "receiver"]


def _more(now: tuple[int, int], before: tuple[int, int]) -> bool:
    # The echo that has just ended may still have its connection and its thread.
    return now[0] > before[0] + 1 or now[1] > before[1] + 1


def _handles(pid: int) -> int:
    """Open handles, but for those that are kept for the next one.

    These are the connections to the database, and a directory of the spool for each sender.
    """
    names = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(handle.readlink()))
    return sum("porion.sqlite" not in name and not _is_room(Path(name)) for name in names)


def _is_room(path: Path) -> bool:
    return path.parent.name == "spool" and path.is_dir()
