"""What the units send: whole data sets, told apart rightly, most of which lead to their patient."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from pydicom.uid import RLELossless

from porion.dicom.header import read_header
from porion.dicom.identity import claimed_identity
from porion.emulator.consoles import Habit
from porion.emulator.devices import A_ROUND, PLATES, SENSOR_1, UNITS, Visit, emulate, images, visits
from porion.services.import_patients import RegisterRow, import_patients
from porion.services.inbox import ItemView, list_inbox
from tests.builders import file_bytes
from tests.emulator.small import CROWD, small_visits
from tests.world import World


def test_the_same_seed_gives_the_same_data_sets() -> None:
    first, again = (list(emulate((SENSOR_1,), CROWD, 4, studies=1)) for _ in range(2))
    assert [one for _, one in first] == [one for _, one in again]
    assert {unit for unit, _ in first} == {SENSOR_1}


def test_every_device_and_every_program_has_its_turn() -> None:
    begun = list(islice(visits(UNITS, CROWD, 1), A_ROUND))
    assert {visit.unit for visit in begun} == set(UNITS)
    assert {visit.program.name for visit in begun} == {one.name for unit in UNITS for one in unit.programs}
    assert len({visit.key for visit in begun}) == A_ROUND


def test_a_cephalogram_is_of_whom_the_panoramic_before_it_was() -> None:
    panoramic, ceph, other = islice(visits(UNITS, CROWD, 1), 3)
    assert panoramic.person == ceph.person != other.person


def test_every_habit_of_a_console_comes_up() -> None:
    assert {visit.habit for visit in islice(visits(UNITS, CROWD, 1), 60)} == set(Habit)


def test_the_plates_come_compressed_and_whole() -> None:
    visit = next(one for one in small_visits() if one.unit is PLATES)
    [made] = images(visit)
    assert made.file_meta.TransferSyntaxUID == RLELossless
    assert (made.pixel_array == 7).all()


def test_a_name_under_a_wrong_label_is_still_read() -> None:
    visit = next(one for one in small_visits() if one.habit is Habit.MISLABELLED)
    [made] = images(visit)
    assert made.SpecificCharacterSet == "ISO_IR 100"
    claimed = claimed_identity(read_header(file_bytes(made)))
    assert claimed.name.family == visit.person.name.family


def test_a_round_is_told_apart_and_each_volume_is_whole(world: World) -> None:
    begun = list(islice(visits(UNITS, CROWD, 1), A_ROUND))
    world.bring(*(one for _, one in emulate(UNITS, CROWD, 1, slices=4)))
    views = list_inbox(world.porion, world.actor, state="pending", limit=50)
    shown = [image for view in views for image in view.images]
    assert Counter(image.category for image in shown) == Counter(visit.program.category for visit in begun)
    assert sum(image.needs_review for image in shown) == sum(not visit.program.says_so for visit in begun)
    assert [image.volume["verdict"] for image in shown if image.volume] == ["complete"]


def test_most_claims_lead_to_their_patient_first(world: World) -> None:
    rows = [RegisterRow(number, person.registered) for number, person in enumerate(CROWD, 1)]
    import_patients(world.porion, world.actor, rows)
    taken = {_brought(world, visit): visit for visit in islice(small_visits(), 60)}
    views = list_inbox(world.porion, world.actor, state="pending", limit=100)
    found = Counter(_leads_to(view, taken[image.id]) for view in views for image in view.images)
    named = sum(visit.habit is not Habit.NOBODY for visit in taken.values())
    assert found["its patient"] >= 0.95 * named
    assert found["nobody"] == 60 - named


def _brought(world: World, visit: Visit) -> str | None:
    [made] = images(visit)
    [outcome] = world.bring(file_bytes(made, transfer_syntax=made.file_meta.TransferSyntaxUID))
    return outcome.image_id


def _leads_to(view: ItemView, visit: Visit) -> str:
    if not view.candidates:
        return "nobody"
    numbers = {one.value for one in view.candidates[0].patient.identifiers}
    return "its patient" if visit.person.number in numbers else "another"
