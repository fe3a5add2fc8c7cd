"""C-FIND by name and date: Porion's service and its network door at a million instances, beside Orthanc.

    .venv/bin/python -m bench.find [--instances 1000000] [--orthanc 3000] [--queries 200]

Porion's database is filled with rows directly: five instances a study, five studies a patient, ten years.
Orthanc has to store what it finds, so that it holds as many instances as ``--orthanc`` says, one a study.
Each query names a family and one week; the same client asks both over the network. What is printed are
milliseconds, the median and the 95th percentile.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

from pynetdicom import AE

from bench.orthanc import orthanc
from porion.clinic.permissions import asking_device
from porion.dicom.encode import element, elements
from porion.dimse.negotiation import STUDY_ROOT_FIND
from porion.services.find import find
from porion.services.find_keys import Rules, read_query
from tests.builders import a_panoramic, data_set, file_bytes
from tests.dimse.asking import allow
from tests.dimse.house import a_house
from tests.world import World, a_porion

PER_STUDY, PER_PATIENT = 5, 5
FIRST, DAYS = date(2016, 1, 1), 3_650
_STARTS = ("Ba", "Be", "Do", "Fi", "Ga", "Ha", "Ko", "La", "Me", "No", "Pe", "Ro", "Sa", "Ta", "Wi")
_MIDDLES = ("ll", "n", "rk", "ss", "tz", "ch", "mm", "ld", "b", "ff", "ng", "st")
_ENDS = ("er", "mann", "ova", "ski", "sen", "berg", "inger", "es", "ic", "a", "o", "y")
GIVEN = ("Anna", "Ben", "Clara", "David", "Emil", "Finn", "Greta", "Hanna", "Ida", "Jonas", "Karl", "Lena")
_FILLERS = {
    "patients": "id,clinic_id,name,birth_date,sex,identifiers,aliases,search,version,created_at,updated_at,"
    "dicom_name,dicom_id",
    "studies": "id,clinic_id,study_instance_uid,study_date,accession_number,day,time,dicom_id,"
    "referring_physician",
    "series": "id,clinic_id,study_id,series_instance_uid,modality,number,requested_procedure_id",
    "items": "id,clinic_id,study_id,claim_key,claim,state,created_at,patient_id,version,dicom_name",
    "images": "id,clinic_id,item_id,study_id,series_id,grouping,file_type,category_confidence,"
    "category_evidence,needs_review,device_protocol,source_key,source,received_at,frames,teeth,problems",
    "instances": "id,clinic_id,series_id,sop_instance_uid,sop_class_uid,digest,size,transfer_syntax,frames,"
    "received_at,image_id,path",
}
_NOW = "2026-03-02T12:00:00.000000+00:00"
_CT, _EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"


@dataclass(frozen=True)
class Study:
    """What both sides hold."""

    family: str
    given: str
    day: date


def people(seed: random.Random) -> Iterator[tuple[str, str]]:
    """Families that are as unevenly common as real ones."""
    families = [start + middle + end for start in _STARTS for middle in _MIDDLES for end in _ENDS]
    seed.shuffle(families)
    weights = [1 / rank for rank in range(1, len(families) + 1)]
    while True:
        for family in seed.choices(families, weights, k=1_000):
            yield family, seed.choice(GIVEN)


def fill(world: World, instances: int) -> list[Study]:
    """Write the rows, past every service; the studies that there are then."""
    seed = random.Random(1)
    clinic, patients = world.clinic_id, instances // (PER_STUDY * PER_PATIENT)
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _FILLERS}
    studies: list[Study] = []
    database = sqlite3.connect(world.data / "porion.sqlite")
    database.execute("PRAGMA synchronous=OFF")
    for number, (family, given) in zip(range(patients), people(seed), strict=False):
        who = f"{number:032d}"
        name = json.dumps({"family": family, "given": given, "middle": "", "prefix": "", "suffix": ""})
        known = json.dumps([{"value": f"P{number}", "issuer": "CLINIC"}])
        key = f"{family}^{given}".casefold()
        rows["patients"].append(
            (who, clinic, name, "2012-04-03", "F", known, "[]", "", 1, _NOW, _NOW, key, f"P{number}")
        )
        for visit in range(PER_PATIENT):
            day = FIRST + timedelta(days=seed.randrange(DAYS))
            studies.append(Study(family, given, day))
            _add_study(rows, clinic, who, number * PER_PATIENT + visit, day)
        if number % 2_000 == 1_999:
            _flush(database, rows)
    _flush(database, rows)
    database.close()
    return studies


def _add_study(
    rows: dict[str, list[tuple[object, ...]]], clinic: str, who: str, number: int, day: date
) -> None:
    own, text = f"{number:032d}", day.strftime("%Y%m%d")
    rows["studies"].append(
        (own, clinic, f"1.2.{number}", text, f"A{number}", text, "101500", str(number), "")
    )
    rows["series"].append((own, clinic, own, f"1.3.{number}", "CT", 1, ""))
    rows["items"].append((own, clinic, own, "k", "{}", "linked", _NOW, who, 1, ""))
    rows["images"].append(
        (own, clinic, own, own, own, own, "XRAY", 1.0, "[]", 0, "", "", "{}", _NOW, 1, "[]", "[]")
    )
    for n in range(PER_STUDY):
        one = f"{number * PER_STUDY + n:032d}"
        rows["instances"].append(
            (one, clinic, own, f"1.4.{number}.{n}", _CT, one, 1, _EXPLICIT, 1, _NOW, own, "")
        )


def _flush(database: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    for table, columns in _FILLERS.items():
        marks = ",".join("?" * (columns.count(",") + 1))
        database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows[table])
        rows[table].clear()
    database.commit()


def feed(http: int, studies: list[Study]) -> None:
    """Give Orthanc an instance of each study."""
    for number, study in enumerate(studies):
        made = a_panoramic(
            number,
            study=str(number),
            PatientName=f"{study.family}^{study.given}",
            PatientID=f"P{number}",
            StudyDate=study.day.strftime("%Y%m%d"),
        )
        request = urllib.request.Request(
            f"http://127.0.0.1:{http}/instances", file_bytes(made), method="POST"
        )
        urllib.request.urlopen(request, timeout=60).read()


def week(day: date) -> str:
    """The week around a day."""
    return f"{day - timedelta(days=3):%Y%m%d}-{day + timedelta(days=3):%Y%m%d}"


def timed(queries: list[Study], ask: Callable[[Study], int]) -> list[float]:
    """Milliseconds of each; every query finds at least what it was made of."""
    took = []
    for query in queries:
        begun = time.perf_counter()
        found = ask(query)
        took.append((time.perf_counter() - begun) * 1000)
        assert found, query
    return took


def in_the_service(world: World, *, whole: bool) -> Callable[[Study], int]:
    """Ask the service itself, by family and week, or by family alone."""
    actor = asking_device("BENCH", world.clinic_id)

    def ask(query: Study) -> int:
        keys = [element("PatientName", f"{query.family}^{query.given[:2]}*"), element("StudyInstanceUID")]
        keys += [] if whole else [element("StudyDate", week(query.day))]
        keys += [element("QueryRetrieveLevel", "STUDY"), element("NumberOfStudyRelatedInstances")]
        asked = read_query(elements(keys), Rules(), verified=True)
        return len(list(find(world.porion, actor, asked, "PORION")))

    return ask


def over_the_network(port: int, called: str, queries: list[Study]) -> list[float]:
    """Ask over one association."""
    entity = AE(ae_title="PAN1")
    entity.add_requested_context(STUDY_ROOT_FIND)
    held = entity.associate("127.0.0.1", port, ae_title=called)

    def ask(query: Study) -> int:
        asked = data_set(
            QueryRetrieveLevel="STUDY",
            PatientName=f"{query.family}^{query.given[:2]}*",
            StudyDate=week(query.day),
            StudyInstanceUID="",
        )
        return sum(status.Status == 0xFF00 for status, _ in held.send_c_find(asked, STUDY_ROOT_FIND))

    try:
        return timed(queries, ask)
    finally:
        held.release()


def told(name: str, took: list[float]) -> float:
    """Print the median and the 95th percentile; the latter."""
    slow = quantiles(took, n=20)[-1]
    print(f"{name:58} median {median(took):8.1f} ms   p95 {slow:8.1f} ms", flush=True)
    return slow


def run(instances: int, for_orthanc: int, count: int, folder: Path) -> None:
    """Fill both, ask both."""
    world = a_porion(folder)
    begun = time.perf_counter()
    studies = fill(world, instances)
    print(f"{instances:,} instances in {len(studies):,} studies, in {time.perf_counter() - begun:.0f} s")
    queries = random.Random(2).sample(studies, count)
    timed(queries[:5], in_the_service(world, whole=False))
    told("Porion, the service, by name and week", timed(queries, in_the_service(world, whole=False)))
    told("Porion, the service, by name alone", timed(queries, in_the_service(world, whole=True)))
    with a_house(world) as house:
        allow(world, "query")
        ours = told(
            "Porion, over the network, by name and week", over_the_network(house.port, "PORION", queries)
        )
    (folder / "orthanc").mkdir()
    with orthanc(folder / "orthanc", DicomAlwaysAllowFind=True) as running:
        begun = time.perf_counter()
        theirs = studies[:for_orthanc]
        feed(running.http, theirs)
        print(f"Orthanc holds {len(theirs):,} instances, in {time.perf_counter() - begun:.0f} s")
        asked = random.Random(3).sample(theirs, min(count, len(theirs)))
        other = told("Orthanc, over the network", over_the_network(running.dicom, "ORTHANC", asked))
    more = instances / len(theirs)
    print(f"Porion takes {ours / other:.2f} of Orthanc's time, holding {more:,.0f} times as much")


def main() -> None:
    """Read the words, run in a directory of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--instances", type=int, default=1_000_000)
    parser.add_argument("--orthanc", type=int, default=3_000)
    parser.add_argument("--queries", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(asked.instances, asked.orthanc, asked.queries, Path(folder))


if __name__ == "__main__":
    main()
