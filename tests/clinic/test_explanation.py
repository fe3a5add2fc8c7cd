import pytest

from porion.clinic.evidence import FieldEvidence
from porion.clinic.explanation import explain, gap_in_words, odds_in_words

SWAPPED = FieldEvidence(
    "birthDate", "2012-03-04", "2012-04-03", "month and day swapped", 11.0, "shared by 41 patients"
)
MISSING = FieldEvidence("sex", "", "F", "missing", 0.0, "")


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (5234.0, "about 5,200 to 1 for"),
        (1.0, "about even"),
        (1.6, "about 1.6 to 1 for"),
        (1 / 30, "about 30 to 1 against"),
        (2.0**60, "more than a billion to 1 for"),
        (2.0**-60, "more than a billion to 1 against"),
        (float("inf"), "more than a billion to 1 for"),
    ],
)
def test_odds_are_told_in_words(odds: float, words: str) -> None:
    assert odds_in_words(odds) == words


@pytest.mark.parametrize(
    ("gap", "words"), [(12.2, "12 bits ahead of"), (-3.0, "3 bits behind"), (0.1, "level with")]
)
def test_the_distance_to_the_next_answer_is_told(gap: float, words: str) -> None:
    assert words in gap_in_words(gap)


def test_vetoes_take_the_place_of_the_verdict() -> None:
    vetoed = explain([SWAPPED], 64.0, 6.0, ("No given name can be compared.",), "Fine.")

    assert vetoed.startswith("By weight alone about 64 to 1 for: birth date month and day swapped")
    assert vetoed.endswith("No given name can be compared.")
    assert explain([SWAPPED], 64.0, 6.0, (), "Fine.").endswith("Fine.")


def test_missing_fields_are_not_told_and_nothing_else_fails() -> None:
    assert "nothing to compare" in explain([MISSING], 0.5, -1.0, (), "Fine.")
