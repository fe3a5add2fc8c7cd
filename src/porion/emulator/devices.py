"""Five X-ray units, the visits of a clinic's morning, and the data sets that the units make of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np
from anyascii import anyascii
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, RLELossless, generate_uid

from porion.emulator import programs
from porion.emulator.consoles import Habit, claim
from porion.emulator.phantoms.anatomy import anatomy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.emulator.consoles import Claim
    from porion.emulator.people import Person
    from porion.emulator.phantoms.canvas import Grey
    from porion.emulator.programs import Program

PAUSE = timedelta(minutes=7)
"""From one visit to the next."""

MORNING = datetime(2026, 11, 20, 8, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A device: its AE title, its marks, what it can expose and the habits of its console, in turn.

    ``worklist`` says that its console can fetch one, and reports what it performs.
    """

    title: str
    name: str
    maker: str
    model: str
    serial: str
    character_set: str
    transfer_syntax: UID
    programs: tuple[Program, ...]
    habits: tuple[Habit, ...]
    worklist: bool = False


PAN_CEPH = Unit(
    "PANCEPH",
    "Panoramic and ceph",
    "Demo Imaging",
    "DI-200 EL CEPH",
    "PC-7731",
    "ISO_IR 192",
    ExplicitVRLittleEndian,
    (programs.PANORAMIC, programs.LATERAL, programs.FRONTAL),
    (
        Habit.AS_REGISTERED,
        Habit.SWAPPED,
        Habit.OLD_NUMBER,
        Habit.AS_REGISTERED,
        Habit.MISLABELLED,
        Habit.ZERO_DATE,
    ),
    worklist=True,
)
SENSOR_1 = Unit(
    "SENSOR1",
    "Intra-oral sensor, room 1",
    "Demo Sensors",
    "IO-2",
    "S1-0419",
    "ISO_IR 192",
    ExplicitVRLittleEndian,
    (programs.PERIAPICAL_LOWER, programs.BITEWING_RIGHT),
    (Habit.AS_REGISTERED, Habit.NICKNAME, Habit.NO_BIRTH_DATE),
)
SENSOR_2 = Unit(
    "SENSOR2",
    "Intra-oral sensor, room 2",
    "Demo Sensors",
    "IO-1",
    "S2-0077",
    "ISO_IR 100",
    ExplicitVRLittleEndian,
    (programs.PERIAPICAL_UNSAID, programs.BITEWING_NAMED),
    (Habit.CAPITALS, Habit.NOBODY, Habit.DAY_FOR_MONTH, Habit.NO_NUMBER),
)
CONE_BEAM = Unit(
    "CBCT1",
    "Cone beam",
    "Demo Imaging",
    "Volume 12",
    "CB-1206",
    "ISO_IR 192",
    ExplicitVRLittleEndian,
    (programs.VOLUME,),
    (Habit.AS_REGISTERED, Habit.OLD_NUMBER),
    worklist=True,
)
PLATES = Unit(
    "PLATES",
    "Phosphor plates",
    "Demo Reader",
    "PR 4",
    "PR-0032",
    "ISO_IR 100",
    RLELossless,
    (programs.PLATE_NAMED,),
    (Habit.ONE_COMPONENT, Habit.CAPITALS, Habit.NO_NUMBER),
)
UNITS = (PAN_CEPH, SENSOR_1, SENSOR_2, CONE_BEAM, PLATES)
"""Every device of the clinic."""

# In the order of a morning: who gets a panoramic often gets a cephalogram right after it.
_ROUND = (
    (PAN_CEPH, programs.PANORAMIC),
    (PAN_CEPH, programs.LATERAL),
    (SENSOR_1, programs.PERIAPICAL_LOWER),
    (CONE_BEAM, programs.VOLUME),
    (SENSOR_2, programs.BITEWING_NAMED),
    (PLATES, programs.PLATE_NAMED),
    (PAN_CEPH, programs.PANORAMIC),
    (PAN_CEPH, programs.FRONTAL),
    (SENSOR_1, programs.BITEWING_RIGHT),
    (SENSOR_2, programs.PERIAPICAL_UNSAID),
)
A_ROUND = len(_ROUND)
"""So many visits show every program once."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at a device: one study. ``key`` tells it from every other one; its UIDs come from it."""

    unit: Unit
    program: Program
    person: Person
    habit: Habit
    at: datetime
    key: str

    @property
    def by_worklist(self) -> bool:
        """Whether the operator picks the patient from a worklist instead of typing."""
        return self.unit.worklist and self.habit is Habit.AS_REGISTERED


def visits(
    units: Sequence[Unit], people: Sequence[Person], seed: int, start: datetime = MORNING
) -> Iterator[Visit]:
    """One visit after the other, without end: the same arguments give the same visits."""
    chance = np.random.default_rng(seed)
    habits = {unit.title: cycle(unit.habits) for unit in units}
    person = people[int(chance.integers(len(people)))]
    for number, (unit, program) in enumerate(cycle(row for row in _ROUND if row[0] in units)):
        follows = unit is PAN_CEPH and program is not programs.PANORAMIC
        person = person if follows else people[int(chance.integers(len(people)))]
        key = f"{seed} {start.isoformat()} {number}"
        yield Visit(unit, program, person, next(habits[unit.title]), start + number * PAUSE, key)


def emulate(
    units: Sequence[Unit],
    people: Sequence[Person],
    seed: int,
    *,
    studies: int = A_ROUND,
    slices: int = programs.SLICES,
) -> Iterator[tuple[Unit, Dataset]]:
    """What the units send of so many studies, one data set at a time."""
    for visit in islice(visits(units, people, seed), studies):
        for made in images(visit, slices):
            yield visit.unit, made


def images(visit: Visit, slices: int = programs.SLICES) -> Iterator[Dataset]:
    """The data sets of one study, with file meta information."""
    head = anatomy(visit.person.seed, visit.person.age(visit.at.date()))
    said = claim(visit.person, visit.habit)
    for own, picture in visit.program.draw(head, slices):
        made = Dataset()
        _state_patient(made, said, visit.unit)
        _state_device(made, visit)
        for keyword, value in {**visit.program.attributes, **own}.items():
            setattr(made, keyword, value)
        made.SOPInstanceUID = _uid(visit.key, "instance", str(made.InstanceNumber))
        _add_pixels(made, picture)
        made.file_meta = FileMetaDataset()
        made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        if visit.unit.transfer_syntax == RLELossless:
            made.compress(RLELossless, generate_instance_uid=False)
        yield made


def _state_patient(made: Dataset, said: Claim, unit: Unit) -> None:
    made.SpecificCharacterSet = said.label or unit.character_set
    name = said.name
    if said.label:
        # pydicom writes Latin-1 here: each byte of the UTF-8 text as a character of its own.
        name = name.encode().decode("latin-1")
    elif unit.character_set == "ISO_IR 100":
        name = _within_latin_1(name)
    made.PatientName = name
    made.PatientID, made.IssuerOfPatientID = said.number, said.issuer
    made.PatientBirthDate, made.PatientSex = said.born, said.sex


def _state_device(made: Dataset, visit: Visit) -> None:
    made.Manufacturer, made.ManufacturerModelName = visit.unit.maker, visit.unit.model
    made.DeviceSerialNumber, made.StationName = visit.unit.serial, visit.unit.title
    made.StudyInstanceUID = _uid(visit.key, "study")
    made.SeriesInstanceUID = _uid(visit.key, "series")
    made.FrameOfReferenceUID = _uid(visit.key, "frame")
    made.StudyDate = made.AcquisitionDate = f"{visit.at:%Y%m%d}"
    made.StudyTime = made.AcquisitionTime = f"{visit.at:%H%M%S}"
    made.StudyID, made.AccessionNumber, made.SeriesNumber = "", "", 1
    made.ReferringPhysicianName = ""


def _add_pixels(made: Dataset, picture: Grey) -> None:
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = picture.shape
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.PixelData = picture.astype("<u2").tobytes()


def _within_latin_1(text: str) -> str:
    """An old console has no other letters: it leaves accents out that Latin-1 lacks."""
    return "".join(one if ord(one) < 256 else anyascii(one) for one in text)


def _uid(*parts: str) -> str:
    return str(generate_uid(entropy_srcs=["porion emulator", *parts]))
