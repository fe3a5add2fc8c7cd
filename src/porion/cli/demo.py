"""``porion demo``: a clinic that does not exist, filled to see what Porion does."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from porion.cli.bring import summary
from porion.cli.compose import at_the_desk, scratch
from porion.cli.demo_clinic import ISSUER, REGISTER, files
from porion.cli.output import say
from porion.cli.settings import read_settings
from porion.clinic.permissions import Actor
from porion.dicom.person import ClaimedIdentity
from porion.folder.walk import find
from porion.services.accounts import list_users
from porion.services.errors import Conflict
from porion.services.import_files import import_found
from porion.services.import_patients import RegisterRow, import_patients
from porion.services.patients import list_patients
from porion.services.ports import Porion


@contextmanager
def filled(data: Path | None) -> Iterator[Path]:
    """A data directory of people who do not exist and X-rays that were drawn; gone afterwards unless given.

    Conflict when the given one belongs to a real clinic.
    """
    with tempfile.TemporaryDirectory(prefix="porion-demo-") as made:
        place = data or Path(made) / "data"
        _fill(place, Path(made) / "from-the-devices")
        yield place


def _must_be_ours(porion: Porion, actor: Actor, place: Path) -> None:
    """Refuse a real clinic's directory: its users and its patients are not the demo's."""
    registered = list_patients(porion, actor, words=None, limit=len(REGISTER) + 1)
    strangers = [p for p in registered if ISSUER not in {one.issuer for one in p.identifiers}]
    if strangers or list_users(porion, actor):
        raise Conflict(f"{place} belongs to a clinic: the demo takes a directory of its own (--data).")


def _fill(place: Path, inbox: Path) -> None:
    for name, content in files():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)
    settings = read_settings(place)
    with at_the_desk(settings) as (porion, actor), scratch(settings) as room:
        _must_be_ours(porion, actor, place)
        rows = [
            RegisterRow(
                number, ClaimedIdentity(p.name, identifiers=p.identifiers, birth_date=p.birth_date, sex=p.sex)
            )
            for number, p in enumerate(REGISTER, 1)
        ]
        import_patients(porion, actor, rows)
        found = find([inbox], scratch=room)
        counts = Counter(outcome.outcome.value for outcome in import_found(porion, actor, "demo", found))
    say(f"The demo's devices sent {summary(counts)}")
