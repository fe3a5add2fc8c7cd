"""The front part of a deflated data set (PS3.5 annex A.5), unpacked piece by piece under a cap.

A blank image deflates a thousandfold, so that no ratio tells a bomb from a radiograph. The cap does
without one: only as much is unpacked as reading the header takes, and never more than the cap.
"""

from __future__ import annotations

import zlib

_RAW = -zlib.MAX_WBITS
_PIECE = 65_536


class Inflater:
    """Unpacks raw deflate, or zlib-wrapped as some writers have it (``wrapped``).

    ``finished``: the stream came to its end; ``broken``: it is damaged or cut off.
    """

    __slots__ = ("_at", "_packed", "_parts", "_zlib", "broken", "finished", "size", "wrapped")

    def __init__(self, packed: memoryview) -> None:
        self.wrapped = not _starts(packed, _RAW) and _starts(packed, zlib.MAX_WBITS)
        self._packed = packed
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS if self.wrapped else _RAW)
        self._at = 0
        self._parts: list[bytes] = []
        self.size = 0
        self.finished = False
        self.broken = False

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to unpack."""
        return self.finished or self.broken

    def up_to(self, size: int) -> bytes:
        """The first ``size`` bytes of the unpacked stream, or fewer when it has no more."""
        waiting = self._zlib.unconsumed_tail
        while self.size < size and not self.ended:
            if not waiting:
                waiting = self._packed[self._at : self._at + _PIECE].tobytes()
                self._at += len(waiting)
            self._unpack(waiting, size - self.size)
            waiting = self._zlib.unconsumed_tail
        joined = b"".join(self._parts)
        self._parts = [joined]
        return joined

    def _unpack(self, waiting: bytes, most: int) -> None:
        try:
            part = self._zlib.decompress(waiting, most)
        except zlib.error:
            self.broken = True
            return
        self._parts.append(part)
        self.size += len(part)
        self.finished = self._zlib.eof
        self.broken = not waiting and not part and not self.finished


def _starts(packed: memoryview, window: int) -> bool:
    """Whether the first bytes unpack at all."""
    try:
        return bool(zlib.decompressobj(window).decompress(packed[:4096], 16))
    except zlib.error:
        return False
