"""What unpacking an archive may cost, and what it has cost so far."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


class CapPassedError(Exception):
    """The rest of the archive is not taken; the message says which cap was passed."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What one archive may cost.

    ``total`` bytes unpacked and ``members`` files at most; beyond ``allowance`` bytes, at most ``ratio``
    times the archive's own size. The ratio holds for the whole archive and not for a member, because an
    honest black cone-beam slice packs 1000:1; and it is held against the archive's size on disk, the one
    number that cannot be forged. ``depth`` says how many archives deep to look: 1 leaves an archive
    within the archive alone.
    """

    ratio: int = 100
    members: int = 20_000
    total: int = 4 << 30
    depth: int = 1
    allowance: int = 256 * MIB

    def bytes_from(self, archive_size: int) -> int:
        """How many bytes an archive of that size may unpack to."""
        return min(self.total, max(self.allowance, self.ratio * archive_size))


DEFAULT_CAPS = Caps()


@dataclass(slots=True)
class Budget:
    """What is spent on one archive and the archives within it; spending too much is a CapPassedError."""

    most_bytes: int
    most_files: int
    spent_bytes: int = 0
    spent_files: int = 0

    def spend_bytes(self, count: int) -> None:
        """Count bytes that were really unpacked, whatever a header announced."""
        self.spent_bytes += count
        if self.spent_bytes > self.most_bytes:
            raise CapPassedError(f"it unpacks to more than {self.most_bytes / MIB:,.0f} MiB, like a ZIP bomb")

    def spend_file(self) -> None:
        """Count a file before it is looked at."""
        self.spent_files += 1
        if self.spent_files > self.most_files:
            raise CapPassedError(f"it holds more than {self.most_files:,} files")
