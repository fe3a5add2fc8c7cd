"""At the start: what the last process left in the spool is received, and rows are held against files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from porion.services.receive import receive
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from porion.services.ports import Porion


@dataclass(frozen=True, slots=True)
class Findings:
    """What a start found: files received from the spool by outcome, rows without files and the reverse."""

    recovered: Mapping[str, int] = field(default_factory=dict)
    missing_files: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    files_without_row: int = 0

    def sentence(self) -> str:
        """The findings in words."""
        held = ", ".join(f"{count} {state}" for state, count in self.states.items() if count) or "nothing yet"
        parts = [f"Holding {held}."]
        if self.recovered:
            count = sum(self.recovered.values())
            parts.append(f"Received {count} files that an interrupted run had left in the spool.")
        if self.missing_files:
            parts.append(f"{self.missing_files} data sets have no file in the archive: restore a backup.")
        if self.files_without_row:
            parts.append(
                f"{self.files_without_row} archived files have no row (an older database was restored?):"
                " import the archive's folder to have them again."
            )
        return " ".join(parts)


def reconcile(porion: Porion, clinic_id: str) -> Findings:
    """Finish what was interrupted and say what was found; nothing is ever deleted here."""
    recovered = receive_leftovers(porion)
    files = set(porion.archive.names(clinic_id))
    with porion.store.read(clinic_id) as tx:
        rows, states = set(tx.imaging.digests()), tx.imaging.state_counts()
    # Another process may have archived one since its files were listed: look once more before saying so.
    lost = sum(1 for digest in rows - files if not porion.archive.has(clinic_id, digest))
    findings = Findings(dict(recovered), lost, states, len(files - rows))
    if recovered or lost or findings.files_without_row:
        detail = {"recovered": dict(recovered), "missing": lost, "withoutRow": findings.files_without_row}
        with porion.store.write(clinic_id) as tx:
            record(porion, tx, "porion", "start reconciled", ("clinic", clinic_id), detail)
    return findings


def receive_leftovers(porion: Porion) -> Counter[str]:
    """Receive what an interrupted run left in the spool; answers how many files had which outcome."""
    recovered: Counter[str] = Counter()
    for entries in porion.spool.leftovers():
        recovered.update(outcome.outcome.value for outcome in receive(porion, entries))
        porion.spool.release(entries)
    return recovered
