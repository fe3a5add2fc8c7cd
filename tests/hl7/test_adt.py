from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.person import Identifier, PersonName
from porion.hl7.adt import KEEPS, MERGES, changes_of
from porion.hl7.message import read_message
from porion.services.errors import Invalid
from porion.services.register_feed import Change
from tests.hl7.messages import adt, number


def only(content: bytes) -> Change:
    (change,) = changes_of(read_message(content))
    return change


@pytest.mark.parametrize("event", sorted(KEEPS))
def test_a_message_says_how_a_patient_is(event: str) -> None:
    change = only(adt(event, "42"))
    assert (change.source, change.message_id, change.kind) == ("KIS|PRAXIS", "42", "patient")
    assert change.sent_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    said = change.patient
    assert (said.name, said.identifiers) == (PersonName("Beispiel", "Anna"), (number("P-1"),))
    assert (said.birth_date, said.sex, said.aliases) == (date(2012, 4, 3), "F", ())


@pytest.mark.parametrize("event", sorted(MERGES))
def test_a_merge_names_both(event: str) -> None:
    change = only(adt(event, prior="P-9"))
    assert (change.kind, change.prior) == ("merge", (number("P-9"),))
    assert change.patient.identifiers == (number("P-1"),)


def test_several_merges_come_in_one_message() -> None:
    second = b"PID|2||P-3^^^CLINIC||Muster^Berta\rMRG|P-4^^^CLINIC\r"
    changes = changes_of(read_message(adt("A40", "7", prior="P-2") + second))
    assert [one.message_id for one in changes] == ["7", "7#2"]
    assert [one.prior for one in changes] == [(number("P-2"),), (number("P-4"),)]


def test_the_legal_name_comes_first_and_the_others_are_known_too() -> None:
    name = "Rufname^Änne^^^^^N~Neu^Anna^Maria^Jr^Dr.^^L~Alt^Anna^^^^^M"
    said = only(adt(name=name)).patient
    assert said.name == PersonName("Neu", "Anna", "Maria", "Dr.", "Jr")
    assert [one.family for one in said.aliases] == ["Rufname", "Alt"]


def test_an_issuer_is_a_namespace_or_else_a_universal_id() -> None:
    ids = only(adt(pid="1^^^A&1.2&ISO~2^^^&1.2.3&ISO~3~^^^B")).patient.identifiers
    assert ids[:2] == (Identifier("1", "A"), Identifier("2", "1.2.3"))
    assert [one.value for one in ids] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("20120403", date(2012, 4, 3)),
        ("201204030000", date(2012, 4, 3)),
        ("2012", None),
        ("20129999", None),
        ('""', None),
    ],
)
def test_only_a_whole_birth_date_counts(born: str, expected: date | None) -> None:
    assert only(adt(born=born)).patient.birth_date == expected


@pytest.mark.parametrize(("sex", "expected"), [("f", "F"), ("M", "M"), ("A", "O"), ("U", ""), ("", "")])
def test_sexes_are_those_that_dicom_knows(sex: str, expected: str) -> None:
    assert only(adt(sex=sex)).patient.sex == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("20260101130000+0100", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("202601011130-0030", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("20260101120000.1234", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("20261399", None),
        ("yesterday", None),
    ],
)
def test_moments_have_a_zone(sent: str, expected: datetime | None) -> None:
    assert only(adt(sent=sent)).sent_at == expected


@pytest.mark.parametrize("event", ["A02", "A03", "A11", "A60"])
def test_events_that_change_no_register_ask_for_nothing(event: str) -> None:
    assert changes_of(read_message(adt(event))) == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (adt().replace(b"ADT^", b"ORU^"), "takes ADT"),
        (adt(number=""), "control ID"),
        (adt().replace(b"PID|", b"ZID|"), "no PID"),
        (adt("A40"), "PID with an MRG"),
    ],
)
def test_what_is_lacking_is_told(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        changes_of(read_message(content))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60))
def test_whatever_a_patient_segment_holds_becomes_a_patient(segment: str) -> None:
    content = adt().split(b"PID|")[0] + b"PID|1|" + segment.encode() + b"\r"
    try:
        found = changes_of(read_message(content))
    except Invalid:
        return
    assert len(found) <= 1
