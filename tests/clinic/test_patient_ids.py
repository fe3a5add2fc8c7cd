import pytest

from porion.clinic.levels import Level
from porion.clinic.patient_ids import (
    RANKED,
    UNISSUED,
    compare_ids,
    fold_id,
    id_level,
    is_placeholder_id,
    usable_ids,
)
from tests.clinic.people import an_id


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("12345", "12345", Level.SAME),
        (" 12345 ", "12345", Level.SAME),
        ("0012345", "12345", Level.SAME_DIGITS),
        ("MUC-0012345", "12345", Level.SAME_DIGITS),
        ("12345A", "12345", Level.SAME_DIGITS),
        ("12 345", "12345", Level.SAME_DIGITS),
        ("ab-c", "ABC", Level.SAME_DIGITS),
        ("12345", "12354", Level.ONE_EDIT),
        ("1234", "1235", Level.OTHER),
        ("P-1", "Q-1", Level.OTHER),
        ("12345", "67890", Level.OTHER),
    ],
)
def test_ids_of_one_issuer_agree_in_known_degrees(one: str, other: str, expected: Level) -> None:
    assert id_level(fold_id(an_id(one)), fold_id(an_id(other))) is expected


@pytest.mark.parametrize(("claimed", "registered"), [("", "CLINIC"), ("CLINIC", ""), ("", "")])
def test_an_id_without_its_issuer_is_never_the_same(claimed: str, registered: str) -> None:
    one, other = fold_id(an_id("12345", claimed)), fold_id(an_id("12345", registered))

    assert id_level(one, other) is Level.SAME_UNISSUED


def test_numbers_of_different_issuers_say_nothing() -> None:
    assert id_level(fold_id(an_id("1", "A")), fold_id(an_id("1", "B"))) is Level.FOREIGN


def test_issuers_are_compared_without_case_and_outer_spaces() -> None:
    assert id_level(fold_id(an_id("1", " clinic")), fold_id(an_id("1", "Clinic"))) is Level.SAME


def test_the_best_pair_decides() -> None:
    claimed = usable_ids(map(fold_id, (an_id("77777"), an_id("12345"))))
    registered = usable_ids(map(fold_id, (an_id("12345"), an_id("88", "OTHER"))))

    found = compare_ids(claimed, registered)

    assert (found.level, found.claimed, found.registered) == (Level.SAME, "12345", "12345")
    assert found.contradicted == ()


def test_agreement_with_one_issuer_does_not_hide_a_contradiction_within_another() -> None:
    claimed = usable_ids(map(fold_id, (an_id("12345", "A"), an_id("55555", "B"))))
    registered = usable_ids(map(fold_id, (an_id("12345", "A"), an_id("66666", "B"))))

    found = compare_ids(claimed, registered)

    assert found.level is Level.SAME
    assert found.contradicted == ("B",)


@pytest.mark.parametrize("value", ["", "  ", "0", "000000", "UNKNOWN", "9999"])
def test_placeholders_are_not_usable(value: str) -> None:
    assert usable_ids([fold_id(an_id(value))]) == ()


def test_every_level_of_ids_has_its_rank() -> None:
    assert {*UNISSUED, *UNISSUED.values()} <= set(RANKED)


@pytest.mark.parametrize(("stripped", "digits"), [("", ""), ("unknown", ""), ("9999", "9999"), ("test", "")])
def test_numbers_of_nobody_are_placeholders(stripped: str, digits: str) -> None:
    assert is_placeholder_id(stripped, digits)


@pytest.mark.parametrize(("stripped", "digits"), [("1", "1"), ("999", "999"), ("p9999", "9999"), ("abc", "")])
def test_numbers_of_somebody_are_not(stripped: str, digits: str) -> None:
    assert not is_placeholder_id(stripped, digits)
