"""The independent judge: a data directory held against what senders were told is safe.

It starts a Porion on the directory, as the next start would, lets it finish what was interrupted, and
then looks at rows and files itself. An answer is a list of breaches in words; an empty one is good.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.clinic.permissions import Actor
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import read_header
from porion.services.errors import PorionError
from porion.services.images import count_states
from porion.services.ports import Porion
from porion.services.queue import index_queue
from porion.services.reconcile import reconcile
from porion.services.trail import verify_trail


def digest_of(content: bytes) -> str:
    """What the archive calls a file: the digest of its data set, of all of it when it has none to read."""
    with suppress(UnreadableDicom):
        content = content[read_header(content).data_set_offset :]
    return hashlib.sha256(content).hexdigest()


def judge(data: Path, promised: Collection[str], *, known: Collection[str] | None = None) -> list[str]:
    """Breaches after a start on ``data``; ``promised`` are digests of what was acknowledged.

    ``known`` are the digests of all that was ever sent: no other instance may have come to be. A torn
    file that nobody was told is safe may be in quarantine.
    """
    try:
        with at_the_desk(read_settings(data, {})) as (porion, actor):
            missing = _finish(porion, actor)
            counted = sum(count_states(porion, actor).values())
            whole = verify_trail(porion, actor).whole
    except (PorionError, sqlite3.Error, OSError, ValueError, LookupError) as error:
        return [f"it does not start: {type(error).__name__}: {error}"]
    breaches = [] if whole else ["the audit trail is broken"]
    breaches += [f"{missing} rows have no file"] if missing else []
    return [*breaches, *_look(data, promised, known, counted)]


def _finish(porion: Porion, actor: Actor) -> int:
    """What the worker does when it starts; answers how many rows have no file."""
    with closing(porion.spool.queue()) as queue:
        queue.await_turn()
        index_queue(porion, queue)
        queue.tidy()
    return reconcile(porion, actor.clinic_id).missing_files


def _look(
    data: Path, promised: Collection[str], known: Collection[str] | None, counted: int
) -> Iterator[str]:
    with closing(sqlite3.connect(data / "porion.sqlite")) as database:
        yield from _integrity(database)
        instances = database.execute(
            "SELECT sop_instance_uid, digest, image_id IS NOT NULL, conflicts_with IS NOT NULL FROM instances"
        ).fetchall()
        quarantined = [digest for (digest,) in database.execute("SELECT digest FROM quarantine")]
    held = [row[1] for row in instances] + quarantined
    yield from _states(instances, quarantined, counted)
    yield from _files(data, held)
    for digest in sorted(set(promised) - set(held)):
        yield f"{digest[:12]} was acknowledged and is lost"
    for row in instances:
        if known is not None and row[1] not in known:
            yield f"{row[1][:12]} is an instance and was never sent"
    for left in (path for path in (data / "spool").iterdir() if path.is_dir()):
        yield f"the spool still holds {left.name}"


def _integrity(database: sqlite3.Connection) -> Iterator[str]:
    said = [row[0] for row in database.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        yield f"the database is damaged: {said[0]}"
    for row in database.execute("PRAGMA foreign_key_check"):
        yield f"the database refers to nothing: {row}"


def _states(
    instances: list[tuple[str, str, int, int]], quarantined: list[str], counted: int
) -> Iterator[str]:
    for uid, digest, in_image, in_conflict in instances:
        if in_image == in_conflict:
            yield f"{digest[:12]} ({uid}) is not in exactly one state"
    if counted != len(instances) + len(quarantined):
        yield f"{counted} instances have a state, {len(instances) + len(quarantined)} are held"
    yield from _doubled((row[:2] for row in instances), "instance")
    yield from _doubled(quarantined, "quarantined file")


def _doubled(things: Iterable[object], what: str) -> Iterator[str]:
    for thing, count in Counter(things).items():
        if count > 1:
            yield f"the {what} {thing} is there {count} times"


def _files(data: Path, held: Collection[str]) -> Iterator[str]:
    files = {path.stem: path for path in (data / "archive").rglob("*.dcm")}
    for digest in held:
        if digest not in files:
            yield f"{digest[:12]} has a row and no file"
        elif digest_of(files[digest].read_bytes()) != digest:
            yield f"{digest[:12]} has other bytes than it says"
