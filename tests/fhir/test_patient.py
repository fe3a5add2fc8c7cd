from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.fhir.patient import change_of, claim_of, feed_patient, resource_of
from porion.services.errors import Invalid
from tests.fhir.resources import SOURCE, a_patient


def test_a_resource_says_how_a_patient_is() -> None:
    change = change_of(a_patient("42"), SOURCE, {"http://praxis.example/id": "CLINIC"})
    assert change is not None
    assert (change.source, change.message_id, change.kind) == (SOURCE, "42/1", "patient")
    assert change.sent_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    said = change.patient
    assert said.identifiers == (Identifier("P-42", "CLINIC"), Identifier("42", SOURCE))
    assert said.name == PersonName("Beispiel", "Anna", "Maria")
    assert (said.birth_date, said.sex) == (date(2012, 4, 3), "F")


def test_the_official_name_comes_first_and_the_others_are_known_too() -> None:
    names = [
        {"use": "nickname", "given": ["Anni"]},
        {"use": "official", "family": "Neu", "given": ["Anna"], "prefix": ["Dr."], "suffix": ["Jr"]},
        {"use": "maiden", "family": "Alt"},
        {"text": "Anna Neu"},
    ]
    said = feed_patient(a_patient(name=names), {})
    assert said.name == PersonName("Neu", "Anna", "", "Dr.", "Jr")
    assert said.aliases == (PersonName("", "Anni"), PersonName("Alt"), PersonName("Anna Neu"))


def test_who_took_an_entrys_place_is_a_merge_from_either_side() -> None:
    gone = a_patient("1", active=False, link=[{"type": "replaced-by", "other": {"reference": "Patient/2"}}])
    change = change_of(gone, SOURCE, {})
    assert change is not None
    assert (change.kind, change.patient.identifiers) == ("merge", (Identifier("2", SOURCE),))
    assert Identifier("1", SOURCE) in change.prior
    stays = a_patient(
        "2", link=[{"type": "replaces", "other": {"reference": f"{SOURCE}/Patient/1/_history/3"}}]
    )
    change = change_of(stays, SOURCE, {})
    assert change is not None
    assert (change.kind, change.prior) == ("merge", (Identifier("1", SOURCE),))
    by_number = [
        {"type": "replaces", "other": {"identifier": {"system": "urn:porion:issuer:A", "value": "9"}}}
    ]
    change = change_of(a_patient("2", link=by_number), SOURCE, {})
    assert change is not None
    assert change.prior == (Identifier("9", "A"),)


def test_an_inactive_entry_without_a_successor_asks_for_nothing() -> None:
    assert change_of(a_patient(active=False), SOURCE, {}) is None


@pytest.mark.parametrize("born", ["2012", "2012-04", "2012-13-01", None, 5, ""])
def test_only_a_whole_birth_date_counts(born: object) -> None:
    assert feed_patient(a_patient(birthDate=born), {}).birth_date is None


@pytest.mark.parametrize(("gender", "sex"), [("male", "M"), ("other", "O"), ("unknown", ""), (None, "")])
def test_sexes_are_those_that_dicom_knows(gender: object, sex: str) -> None:
    assert feed_patient(a_patient(gender=gender), {}).sex == sex


def test_a_version_without_a_number_is_known_by_its_content() -> None:
    one, same, other = (
        change_of(a_patient(meta={}, gender=sex), SOURCE, {}) for sex in ("male", "male", "female")
    )
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.message_id == same.message_id != other.message_id
    assert one.sent_at is None


@pytest.mark.parametrize("resource", [{}, {"resourceType": "Observation"}])
def test_what_is_no_patient_is_refused(resource: dict[str, Any]) -> None:
    for read in (lambda: change_of(resource, SOURCE, {}), lambda: claim_of(resource, {})):
        with pytest.raises(Invalid, match="not a Patient"):
            read()


NAMES = st.builds(PersonName, *[st.text("abcäöü -", min_size=1, max_size=8).map(str.strip).filter(bool)] * 3)
IDS = st.builds(Identifier, st.text("P123", min_size=1), st.sampled_from(["", "CLINIC", "urn:oid:1.2"]))
PATIENTS = st.builds(
    Patient,
    st.just("1"),
    NAMES,
    st.none() | st.dates(),
    st.sampled_from(["F", "M", "O", ""]),
    st.lists(IDS, unique=True).map(tuple),
)


@given(PATIENTS)
def test_a_patient_of_ours_comes_back_the_same(patient: Patient) -> None:
    said = feed_patient(resource_of(patient), {})
    assert (said.name, said.birth_date, said.sex) == (patient.name, patient.birth_date, patient.sex)
    assert said.identifiers == patient.identifiers


def test_a_merged_patient_of_ours_says_where_they_went() -> None:
    merged = Patient("1", PersonName("Alt"), merged_into="2")
    assert resource_of(merged)["link"] == [{"other": {"reference": "Patient/2"}, "type": "replaced-by"}]
    assert resource_of(merged)["active"] is False


INNER = ["use", "family", "given", "value", "system", "other", "type", "reference"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["id", "meta", "active", "identifier", "name", "birthDate", "gender", "link"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_becomes_a_change_or_nothing(resource: dict[str, Any]) -> None:
    change = change_of({"resourceType": "Patient", **resource}, SOURCE, {})
    assert change is None or change.source == SOURCE
