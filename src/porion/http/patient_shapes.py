"""Patients of the register as the API gives and takes them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from porion.clinic.patient import Patient
from porion.clinic.vetoes import VETOES
from porion.dicom.person import Identifier, PersonName
from porion.http.shapes import Id, Page, Shape, Text

# PN has 64 characters a component group (PS3.5 section 6.2); a register may hold a little more.
Name = Annotated[Text, Field(max_length=200)]


class PatientsWanted(Page):
    """Words that names or identifiers contain."""

    q: Text | None = None


class NameParts(Shape):
    """A person's name in the parts that DICOM knows."""

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""


class NameStated(NameParts):
    """A name that somebody typed."""

    family: Name = ""
    given: Name = ""
    middle: Name = ""
    prefix: Name = ""
    suffix: Name = ""


class IdentifierParts(Shape):
    """A patient ID within its issuer."""

    value: str
    issuer: str = ""


class IdentifierStated(IdentifierParts):
    """An identifier that somebody typed."""

    value: Name
    issuer: Name = ""


class NewPatient(NameStated):
    """A person to add to the register."""

    birth_date: date | None = None
    sex: Literal["F", "M", "O", ""] = ""
    identifiers: list[IdentifierStated] = Field(default_factory=list, max_length=50)
    aliases: list[NameStated] = Field(default_factory=list, max_length=50)


class EditedPatient(NewPatient):
    """A patient's whole new state, and the version that it was made from."""

    version: int


class PatientAnswer(NameParts):
    """A person in the register; ``mergedInto`` names the entry that took this one's place."""

    id: str
    birth_date: date | None
    sex: str
    identifiers: list[IdentifierParts]
    aliases: list[NameParts]
    merged_into: str | None
    version: int


class Patients(Shape):
    """A page of patients."""

    items: list[PatientAnswer]
    next_cursor: str | None


class VetoAnswer(Shape):
    """What forbids "certain": a rule, the values that its sentence names in their order, and the sentence."""

    rule: Annotated[str, Field(json_schema_extra={"enum": [veto.rule for veto in VETOES]})]
    values: list[str]
    sentence: str


class AlikeAnswer(Shape):
    """Somebody who could be taken for a patient; ``vetoes`` say what tells the two apart."""

    grade: str
    patient: PatientAnswer
    vetoes: list[VetoAnswer]


class RelationsAnswer(Shape):
    """Entries that went into this one, and people alike."""

    merged: list[PatientAnswer]
    alike: list[AlikeAnswer]


class MergeRequest(Shape):
    """The entry that goes, and why the two are one person."""

    other_id: Id
    reason: Annotated[Text, Field(min_length=1)]


class UnmergeRequest(Shape):
    """Why the two are not one person."""

    reason: Annotated[Text, Field(min_length=1)]


class UnmergedAnswer(Shape):
    """Two people who are apart again.

    ``moved`` are the items that went back to the patient who came back; ``kept`` those of the one who
    stayed on which a decision was made since the merge: look whose they are.
    """

    decision_id: str
    stays: PatientAnswer
    back: PatientAnswer
    moved: list[str]
    kept: list[str]


class RowAnswer(Shape):
    """What became of a row; the header is row 1, as in a spreadsheet."""

    number: int
    result: str
    patient_id: str | None
    reason: str


class ImportedPatients(Shape):
    """What became of a register's table, and how it was read."""

    dry_run: bool
    encoding: str
    delimiter: str
    date_format: str
    ignored: list[str]
    summary: dict[str, int]
    rows: list[RowAnswer]


def patient_answer(patient: Patient) -> PatientAnswer:
    """A patient."""
    return PatientAnswer(
        id=patient.id,
        family=patient.name.family,
        given=patient.name.given,
        middle=patient.name.middle,
        prefix=patient.name.prefix,
        suffix=patient.name.suffix,
        birth_date=patient.birth_date,
        sex=patient.sex,
        identifiers=[IdentifierParts.model_validate(identifier) for identifier in patient.identifiers],
        aliases=[NameParts.model_validate(alias) for alias in patient.aliases],
        merged_into=patient.merged_into,
        version=patient.version,
    )


def patient_of(stated: NewPatient, patient_id: str = "", version: int = 1) -> Patient:
    """The patient that a request states."""
    return Patient(
        id=patient_id,
        name=_name(stated),
        birth_date=stated.birth_date,
        sex=stated.sex,
        identifiers=tuple(Identifier(one.value, one.issuer) for one in stated.identifiers),
        aliases=tuple(_name(alias) for alias in stated.aliases),
        version=version,
    )


def _name(stated: NameParts) -> PersonName:
    return PersonName(stated.family, stated.given, stated.middle, stated.prefix, stated.suffix)
