"""What every request and answer have in common."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.http.inbox_shapes import candidates_answer, decision_answer
from porion.http.patient_shapes import NewPatient, patient_answer, patient_of
from porion.http.shapes import Page, next_cursor
from porion.services.inbox import ItemView
from porion.services.records import DecisionRow, ItemRow


@pytest.mark.parametrize("wrong", [{"cursor": "a b"}, {"cursor": "'"}, {"limit": 201}, {"colour": "red"}])
def test_a_page_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Page.model_validate(wrong)


def test_only_a_full_page_leads_on() -> None:
    rows = [Patient("a", PersonName()), Patient("b", PersonName())]
    assert next_cursor(rows, Page(limit=2)) == "b"
    assert next_cursor(rows, Page(limit=3)) is None
    assert next_cursor([], Page()) is None


def test_a_patient_comes_back_as_it_was_stated() -> None:
    stated = NewPatient.model_validate(
        {"family": "Müller", "birthDate": "2012-04-03", "aliases": [{"family": "Weber"}]}
    )
    patient = patient_of(stated, "p", 7)
    assert (patient.name.family, patient.version, patient.aliases) == ("Müller", 7, (PersonName("Weber"),))
    assert patient_answer(patient).model_dump(mode="json")["birthDate"] == "2012-04-03"


def test_what_a_device_wrote_is_answered_even_where_nobody_could_have_typed_it() -> None:
    long = "x" * 5000
    name = PersonName(family=long, given="\x00")
    answer = patient_answer(Patient("p", name, sex="?", identifiers=(Identifier(long, "\x00"),)))
    assert (answer.family, answer.identifiers[0].value) == (long, long)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    claim = ClaimedIdentity(name=name, identifiers=(Identifier(long),))
    item = ItemRow("i", "s", "k", {}, "pending", now)
    told = candidates_answer(ItemView(item, claim, (), (), "s", None, (), frozenset(), "porion-4"))
    assert (told.claimed_identity.patient_id, told.claimed_identity.issuer) == (long, None)


def test_a_decision_is_told_by_whom_and_when() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    row = DecisionRow("d", "undo", "i", None, "p", "anna@clinic.example", now, "k", {"kind": "link"}, "c")
    told = decision_answer(row).model_dump(mode="json")
    assert (told["by"], told["madeAt"], told["undoes"]) == (
        "anna@clinic.example",
        "2026-03-02T00:00:00Z",
        "c",
    )
