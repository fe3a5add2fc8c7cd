from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from porion.clinic.blocks import block_keys, terms
from porion.services import remote_ports
from porion.services.forward_records import ForwardRule
from porion.services.ports import Transaction
from porion.services.records import ImageFilter, StudyRow
from porion.store.rows import CHUNK, among, chunks, plain
from porion.store.schema import images, instances, items, patients, series, studies
from tests.builders import a_cbct_slice, a_panoramic, an_intra_oral, uid
from tests.services.scenes import ANNA, dump, inbox, link_to, register
from tests.store.plans import explained
from tests.world import NOON, World, another_clinic, bring


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_hold_every_value_once_and_none_is_too_long(size: int) -> None:
    parts = list(chunks(range(size)))
    assert [value for part in parts for value in part] == list(range(size))
    assert all(0 < len(part) <= CHUNK for part in parts)


def test_records_and_dictionaries_become_columns() -> None:
    assert plain(StudyRow("1", "1.2"))["study_instance_uid"] == "1.2"
    assert plain({"key": 1}) == {"key": 1}


def test_more_values_than_a_statement_takes_are_asked_for_in_parts(each_world: World) -> None:
    rows = [StudyRow(f"{n:032d}", f"1.2.{n}") for n in range(2 * CHUNK + 1)]
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.imaging.add_studies(rows)
        assert len(tx.imaging.studies_by_uid([row.study_instance_uid for row in rows])) == len(rows)
        assert tx.imaging.studies_by_uid([]) == {}


@pytest.mark.parametrize(
    "column",
    [
        patients.c.id, studies.c.id, studies.c.study_instance_uid, series.c.id, series.c.study_id,
        items.c.id, items.c.study_id, images.c.id, images.c.item_id, images.c.grouping,
        instances.c.id, instances.c.sop_instance_uid,
    ],
    ids=str,
)  # fmt: skip
def test_what_is_named_is_looked_up_by_its_name_however_much_the_clinic_has(
    world: World, column: sa.Column[Any]
) -> None:
    wanted = {"clinic": world.clinic_id, "wanted": list("123456789")}
    statement = sa.select(column.table).where(*among(column))
    asked = statement.params(wanted).compile(
        dialect=world.engine.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    with world.engine.connect() as connection:
        (way,) = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    assert f"{column.name}=?" in way


RULE = ForwardRule("1" * 32, "rule", "2" * 32, NOON, since="", position="")
ASKED: dict[str, Callable[[Transaction], object]] = {
    "the newest images": lambda tx: tx.imaging.list_images(ImageFilter(), "3", 9),
    "images of a patient": lambda tx: tx.imaging.list_images(ImageFilter(patient_id="4"), None, 9),
    "images of a study": lambda tx: tx.imaging.list_images(ImageFilter(study_id="5"), None, 9),
    "images that wait": lambda tx: tx.imaging.list_images(ImageFilter(status="pending"), None, 9),
    "images that are linked": lambda tx: tx.imaging.list_images(ImageFilter(status="linked"), None, 9),
    "images of a device": lambda tx: tx.imaging.newest_from("PAN1", 9),
    "patients of a birth date": lambda tx: tx.patients.born_on(date(2012, 4, 3), 9),
    "who went into a patient": lambda tx: tx.patients.gone_into("7"),
    "the register page by page": lambda tx: tx.patients.list(None, "8", 9),
    "what came after": lambda tx: tx.imaging.instances_after("6", 9),
    "what is in conflict": lambda tx: tx.imaging.conflicts(None, 9),
    "what is in quarantine": lambda tx: tx.imaging.quarantined(None, 9),
    "the inbox": lambda tx: tx.inbox.list_items("pending", None, 9),
    "items": lambda tx: tx.inbox.list_items(None, None, 9),
    "items of a study": lambda tx: tx.inbox.items_of_study("5"),
    "a link that is remembered": lambda tx: tx.inbox.remembered("7", ["8"]),
    "what was corrected": lambda tx: tx.inbox.corrections(["8", "9"]),
    "exposures of a patient": lambda tx: tx.exposures.of_patient("4"),
    "how much is held of a study": lambda tx: tx.remote.held(remote_ports.Level.STUDY, "1.2"),
    "how much is held of a series": lambda tx: tx.remote.held(remote_ports.Level.SERIES, "1.2"),
    "whether an instance is held": lambda tx: tx.remote.held(remote_ports.Level.IMAGE, "1.2"),
    "what is to be forwarded": lambda tx: tx.forwards.matching(RULE, "6", 9),
    "what was forwarded": lambda tx: tx.forwards.list(None, None, 9),
    "what a device asked": lambda tx: tx.worklist.queries("8", 9),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_nothing_that_a_clinic_has_much_of_is_read_whole(
    world: World, ask: Callable[[Transaction], object]
) -> None:
    with explained(world) as told, world.porion.store.read(world.clinic_id) as tx:
        ask(tx)
    assert told
    assert [line for line in told if line.endswith("(clinic_id=?)")] == []
    # What is read without a key ends with the page by its order, or is few: an index's, a subquery's.
    few = ("USING INDEX", "CONSTANT ROW", "anon_1")
    assert [line for line in told if line.startswith("SCAN") and not any(one in line for one in few)] == []


def reading(tx: Transaction, ids: dict[str, Any]) -> dict[str, Any]:
    """Every question that rows answer, asked about what one clinic holds."""
    imaging, inbox_rows, patients, exposures = tx.imaging, tx.inbox, tx.patients, tx.exposures
    return {
        "instances_by_uid": imaging.instances_by_uid([ids["uid"]]),
        "studies_by_uid": imaging.studies_by_uid([ids["study_uid"]]),
        "series_by_uid": imaging.series_by_uid([ids["study"]]),
        "images_by_grouping": imaging.images_by_grouping([ids["grouping"]]),
        "instances_of": imaging.instances_of(ids["image"]),
        "image": imaging.image(ids["image"]),
        "images_of": imaging.images_of([ids["item"]])[ids["item"]],
        "study": imaging.study(ids["study"]),
        "series": imaging.series(ids["series"]),
        "studies_by_id": imaging.studies_by_id([ids["study"]]),
        "series_by_id": imaging.series_by_id([ids["series"]]),
        "list_images": imaging.list_images(ImageFilter(), None, 9),
        "list_images of": imaging.list_images(ImageFilter(patient_id=ids["patient"]), None, 9),
        "conflicts": imaging.conflicts(None, 9),
        "quarantined": imaging.quarantined(None, 9),
        "quarantined_digests": imaging.quarantined_digests(ids["quarantined"]),
        "state_counts": [count for count in imaging.state_counts().values() if count],
        "digests": list(imaging.digests()),
        "by_key": exposures.by_key([ids["event"]]),
        "exposures by_id": exposures.by_id([ids["exposure"]]),
        "observations": [
            seen for made in exposures.observations([ids["exposure"]]).values() for seen in made
        ],
        "of_patient": exposures.of_patient(ids["patient"]),
        "open_items": inbox_rows.open_items([(ids["study"], ids["claim"])]),
        "items": inbox_rows.items([ids["item"]]),
        "list_items": inbox_rows.list_items(None, None, 9),
        "decision": inbox_rows.decision(ids["decision"]),
        "decisions_of": inbox_rows.decisions_of(ids["item"]),
        "remembered": inbox_rows.remembered(ids["claim"], [ids["source"]]),
        "items_of_study": inbox_rows.items_of_study(ids["study"]),
        "move_items": inbox_rows.move_items(ids["patient"], ids["patient"]),
        "size": patients.size(),
        "find": patients.find(ids["keys"]),
        "frequency": patients.frequency(ids["terms"]),
        "get": patients.get(ids["patient"]),
        "list": patients.list("anna", None, 9),
        "by_identifier": patients.by_identifier("CLINIC", "P-1"),
        "audit": tx.audit.list(None, 9, None),
        "all": list(tx.audit.all()),
    }


def what_is_held(world: World) -> dict[str, Any]:
    """A clinic with something in every table, and the names of it all."""
    anna = register(world)
    bring(
        world, a_panoramic(), a_panoramic(Rows=5), b"garbage", an_intra_oral(study="waits"), a_cbct_slice(1)
    )
    decision = link_to(world, inbox(world)[0], anna)
    (view,) = inbox(world, "linked")
    image = view.images[0]
    with world.porion.store.read(world.clinic_id) as tx:
        quarantined = [row.digest for row in tx.imaging.quarantined(None, 9)]
        exposure = tx.exposures.by_id([image.exposure_id or ""]).get(image.exposure_id or "")
        (waits, *_) = tx.inbox.list_items("pending", None, 9)
    assert exposure is not None
    return {
        "uid": uid("panoramic", 1), "study_uid": uid("study-1"),
        "study": image.study_id, "series": image.series_id,
        "grouping": image.grouping, "image": image.id, "item": view.item.id, "patient": anna.id,
        "quarantined": quarantined, "event": exposure.event_key, "exposure": exposure.id,
        "claim": view.item.claim_key, "decision": decision.id, "source": image.source_key, "waits": waits.id,
        "keys": sorted(block_keys(anna)), "terms": sorted(terms(anna)),
    }  # fmt: skip


def test_no_question_is_answered_with_what_another_clinic_holds(each_world: World) -> None:
    there = another_clinic(each_world)
    ids = what_is_held(each_world)
    waits = {**ids, "study": study_of(each_world, ids["waits"])}
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        ours = reading(tx, ids) | {"open_items": reading(tx, waits)["open_items"]}
    with each_world.porion.store.write(there.clinic_id) as tx:
        theirs = reading(tx, ids) | {"open_items": reading(tx, waits)["open_items"]}
    assert [name for name, answer in ours.items() if not answer] == []
    assert {name: answer for name, answer in theirs.items() if answer} == {}


def study_of(world: World, item_id: str) -> str:
    with world.porion.store.read(world.clinic_id) as tx:
        return tx.inbox.items([item_id])[item_id].study_id


def test_no_change_reaches_what_another_clinic_holds(each_world: World) -> None:
    there = another_clinic(each_world)
    ids = what_is_held(each_world)
    before = dump(each_world)
    anna = replace(ANNA, id=ids["patient"], version=2)
    with each_world.porion.store.write(there.clinic_id) as tx:
        tx.imaging.update_image(ids["image"], {"category": "TMJ"})
        assert not tx.inbox.update_item(ids["item"], 2, {"state": "pending", "patient_id": None})
        assert not tx.patients.replace(anna, 1, each_world.clock())
        tx.inbox.forget(ids["decision"])
    assert dump(each_world) == before
