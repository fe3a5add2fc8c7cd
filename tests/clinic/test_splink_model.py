"""Models of Splink as ones of ours: learned levels are taken, all else is kept, every change is told."""

from __future__ import annotations

import json
import re
from math import log2
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.levels import Level
from porion.clinic.model import LADDERS
from porion.clinic.model_file import MOST_SLIPS, read_model
from porion.clinic.model_text import model_text
from porion.clinic.readings import Way
from porion.clinic.splink_model import COLUMNS, Converted, NotSplink, convert, level_of

SAVED = Path(__file__).with_name("splink_5.json")


def a_level(label: str, m: Any = None, u: Any = None, **rest: Any) -> dict[str, Any]:
    shares = {"m_probability": m, "u_probability": u}
    return {"label_for_charts": label, **{name: share for name, share in shares.items() if share}, **rest}


def a_comparison(column: str, *levels: dict[str, Any]) -> dict[str, Any]:
    missing = a_level(f"{column} is NULL", is_null_level=True)
    return {"output_column_name": column, "comparison_levels": [missing, *levels]}


def converted(*comparisons: dict[str, Any]) -> Converted:
    result = convert(json.dumps({"comparisons": comparisons}), DEFAULT_MODEL, "clinic-1")
    assert read_model(model_text(result.model)) == result.model
    return result


def source(result: Converted, field: str, level: Level) -> str:
    return next(row.source for row in result.model.weights if (row.field, row.level) == (field, level))


def why(result: Converted, field: str, level: str) -> str:
    (found,) = (change.why for change in result.changes if (change.field, change.level) == (field, level))
    return found


def test_a_model_that_splink_saved_becomes_one_of_ours() -> None:
    result = convert(SAVED.read_text(), DEFAULT_MODEL, "clinic-1")

    assert read_model(model_text(result.model)) == result.model
    assert result.model.version == "clinic-1"
    assert result.model.bits("given", Level.SAME) == pytest.approx(9.2, abs=0.1)
    assert source(result, "given", Level.SAME) == "learned by Splink: “Exact match on first_name”"
    assert source(result, "given", Level.NICKNAME).startswith("kept from porion-4: ")
    assert why(result, "birthDate", "Abs date difference <= 1 year") == "left out: no level of ours"
    assert why(result, "given", "Jaro-Winkler distance of first_name >= 0.88").startswith("left out")


def test_every_level_of_ours_is_told_once_unless_it_says_nothing() -> None:
    result = convert(SAVED.read_text(), DEFAULT_MODEL, "clinic-1")
    told = [(change.field, change.level) for change in result.changes if change.after is not None]

    assert len(told) == len(set(told))
    assert set(told) == {
        (field, level.name.lower())
        for field, levels in LADDERS.items()
        for level in levels
        if level not in (Level.MISSING, Level.FOREIGN)
    }
    for change in result.changes:
        if change.after is not None:
            assert change.after == result.model.bits(change.field, Level[change.level.upper()])


def test_an_id_with_one_edit_that_training_puts_above_the_exact_id_is_clamped() -> None:
    result = converted(
        a_comparison(
            "patient_id",
            a_level("Exact match on patient_id", 0.9, 0.000036),
            a_level("same digits", 0.05, 0.0000018),
            a_level("Levenshtein distance of patient_id <= 1", 0.03, 0.0000001),
        )
    )

    bits = [result.model.bits("patientId", level) for level in LADDERS["patientId"]]
    assert bits[0] == pytest.approx(14.6, abs=0.05)
    assert max(bits) == bits[0]
    assert "18.2 bits clamped to those of same_digits" in why(result, "patientId", "one_edit")
    assert "18.2 bits clamped" in source(result, "patientId", Level.ONE_EDIT)


def test_clamping_leaves_the_share_of_true_pairs_which_relatives_are_held_against_too() -> None:
    exact = a_level("same", 0.9, 0.000036)
    result = converted(a_comparison("patient_id", exact, a_level("one_edit", 0.03, 0.0000001)))
    (row,) = (row for row in result.model.weights if (row.field, row.level) == ("patientId", Level.ONE_EDIT))

    assert (row.m, row.u) == (0.03, 0.0003)


def test_where_strangers_cannot_show_a_level_more_often_fewer_true_pairs_do() -> None:
    year = a_level("same_year", 0.002, 0.9)
    result = converted(a_comparison("dob", a_level("same", 0.9, 0.0001), year))
    (row,) = (row for row in result.model.weights if (row.field, row.level) == ("birthDate", Level.OTHER))

    assert (row.m, row.u) == pytest.approx((0.00222222, 1.0))


def test_levels_that_are_one_of_ours_are_added_up() -> None:
    result = converted(
        a_comparison(
            "surname",
            a_level("Jaro-Winkler distance of surname >= 0.88", 0.01, 0.002),
            a_level("Jaro-Winkler distance of surname >= 0.8", 0.02, 0.010),
        )
    )

    (row,) = (row for row in result.model.weights if (row.field, row.level) == ("family", Level.SIMILAR))
    assert (row.m, row.u) == pytest.approx((0.03, 0.012))


@pytest.mark.parametrize("m", [None, 5e-51, 0.0009, 1.5, "much", True])
def test_what_training_hardly_saw_keeps_our_weight(m: Any) -> None:
    result = converted(
        a_comparison(
            "sex", a_level("Exact match on sex", 0.95, 0.5), a_level("All other comparisons", m, 0.5)
        )
    )

    assert result.model.bits("sex", Level.OTHER) == DEFAULT_MODEL.bits("sex", Level.OTHER)
    assert source(result, "sex", Level.OTHER).startswith("kept from porion-4: ")
    assert why(result, "sex", "All other comparisons") == "left out: Splink has hardly seen it"


def test_a_field_in_which_agreement_speaks_against_is_not_taken() -> None:
    result = converted(
        a_comparison("sex", a_level("Exact match on sex", 0.4, 0.5)),
        a_comparison("dob", a_level("Exact match on date of birth", 0.9, 0.0001)),
    )

    assert result.model.bits("sex", Level.SAME) == DEFAULT_MODEL.bits("sex", Level.SAME)
    assert why(result, "sex", "") == "kept from porion-4: Splink has it upside down"


def test_a_column_of_none_of_our_fields_is_told() -> None:
    result = converted(
        a_comparison("postcode", a_level("Exact match on postcode", 0.9, 0.001)),
        a_comparison("sex", a_level("Exact match on sex", 0.95, 0.5)),
    )

    assert why(result, "postcode", "") == "left out: no field of ours"


def test_namesakes_go_on_agreeing_as_one_person_does() -> None:
    result = converted(a_comparison("forename", a_level("Exact match on forename", 0.8, 0.003)))

    (namesakes,) = (others for others in result.model.others if others.name == "namesakes")
    assert namesakes.shares["given", Level.SAME] == 0.8


def test_how_many_slips_there_are_stays_as_it_was() -> None:
    result = converted(a_comparison("surname", a_level("close", 0.05, 0.001), a_level("similar", 0.02, 0.01)))

    assert result.model.slipping == DEFAULT_MODEL.slipping


def halves(of_others: tuple[Any, Any], of_hardly_anybody: tuple[Any, Any]) -> Converted:
    return converted(
        a_comparison(
            "surname",
            a_level("exact match", 0.7, 0.0005),
            a_level("nearly the same; others bear both", *of_others),
            a_level("Nearly the same; hardly anybody bears one", *of_hardly_anybody),
        )
    )


def the_close_family(result: Converted) -> tuple[float, float, float]:
    (row,) = (row for row in result.model.weights if (row.field, row.level) == ("family", Level.CLOSE))
    return row.m, row.u, row.slips


def test_slips_are_learned_where_training_told_apart_who_else_bears_the_spellings() -> None:
    result = halves((0.01, 0.0004), (0.09, 0.0006))

    # Nine of ten true pairs look like a slip, but six of ten strangers' do, too: 0.6 + 0.4 * 0.75.
    assert the_close_family(result) == pytest.approx((0.1, 0.001, 0.75))
    unlike = result.model.bits("family", Level.CLOSE) + result.model.slip_bits(
        "family", Level.CLOSE, alone=False, size=5_000
    )
    assert unlike == pytest.approx(log2(0.01 / 0.0004))


def test_that_hardly_any_true_pair_shows_a_half_says_something_of_the_other() -> None:
    result = halves((None, 0.0004), (0.099, 0.0006))

    assert the_close_family(result) == pytest.approx((0.1, 0.001, 0.975))
    assert not [change for change in result.changes if "hardly seen" in change.why]
    assert why(result, "family", "close") == "learned; slips 0.75 become 0.975"


def test_as_many_slips_as_there_may_be() -> None:
    assert the_close_family(halves((1e-12, 0.0009), (0.5, 0.0001)))[2] == MOST_SLIPS


def test_where_true_pairs_look_like_slips_no_more_often_than_strangers_do_there_are_none() -> None:
    assert the_close_family(halves((0.05, 0.0004), (0.05, 0.0006)))[2] == 0


@pytest.mark.parametrize("of_others", [(0.01, None), (None, None)])
def test_slips_stay_as_they_were_where_strangers_were_not_seen_to_show_both_halves(of_others: Any) -> None:
    result = halves(of_others, (0.09, 0.0006))

    assert the_close_family(result) == (0.09, 0.0006, 0.75)
    assert why(result, "family", "nearly the same; others bear both") == "left out: Splink has hardly seen it"


def test_a_level_of_which_true_pairs_show_neither_half_is_not_learned() -> None:
    assert the_close_family(halves((None, 0.0004), (None, 0.0006))) == the_close_family(
        converted(a_comparison("sex", a_level("same", 0.95, 0.5)))
    )


@pytest.mark.parametrize(
    ("field", "label", "level"),
    [
        ("given", "Different; hardly anybody bears one", Level.OTHER),
        ("family", "Jaro-Winkler distance of family >= 0.92; others bear both", Level.CLOSE),
        ("family", "same; others bear both", None),
        ("birthDate", "different; others bear both", None),
        ("family", "different; nobody knows", None),
    ],
)
def test_what_a_slip_of_the_pen_may_make_has_halves(field: str, label: str, level: Level | None) -> None:
    assert level_of(field, label) is level


def read_as(*levels: dict[str, Any]) -> Converted:
    return converted(a_comparison("reading", *levels), a_comparison("sex", a_level("same", 0.95, 0.5)))


@pytest.mark.parametrize("label", [Way.SWAPPED.value, "swapped"])
def test_what_swapped_names_cost_is_learned_from_how_many_there_are(label: str) -> None:
    result = read_as(a_level(label, 0.2, 0.0001), a_level("as stated", 0.8, 0.9999))

    assert result.model.reading_costs[Way.SWAPPED].bits == 2.0
    assert result.model.reading_costs[Way.SWAPPED].source == "learned by Splink: 0.2 of the true pairs"
    assert result.model.reading_costs[Way.COMMA] == DEFAULT_MODEL.reading_costs[Way.COMMA]
    (change,) = (change for change in result.changes if change.field == "reading")
    assert (change.level, change.before, change.after, change.why) == ("swapped", -6.0, -2.0, "learned")


@pytest.mark.parametrize("m", [0.5, 0.8, 1])
def test_a_reading_that_most_names_need_costs_nothing(m: float) -> None:
    assert read_as(a_level("swapped", m, 0.0001)).model.reading_costs[Way.SWAPPED].bits == 0


@pytest.mark.parametrize("m", [None, 0.0009, "much"])
def test_a_reading_that_hardly_any_true_pair_needs_costs_what_it_did(m: Any) -> None:
    result = read_as(a_level("swapped", m, 0.0001), a_level("as stated", 0.9999, 0.9999))

    assert result.model.reading_costs == DEFAULT_MODEL.reading_costs
    assert why(result, "reading", "swapped") == "left out: Splink has hardly seen it"


def test_a_model_may_have_learned_nothing_but_a_reading() -> None:
    result = converted(a_comparison("reading", a_level("swapped", 0.2, 0.0001)))

    assert result.model.reading_costs[Way.SWAPPED].bits == 2.0


def test_a_second_conversion_says_once_what_was_kept() -> None:
    first = converted(a_comparison("sex", a_level("same", 0.95, 0.5)))
    text = json.dumps({"comparisons": [a_comparison("sex", a_level("same", 0.94, 0.5))]})
    second = convert(text, first.model, "clinic-2").model

    (row,) = (row for row in second.weights if (row.field, row.level) == ("suffix", Level.SAME))
    assert row.source == "kept from porion-4: told apart within families"


@pytest.mark.parametrize("field", sorted(set(COLUMNS.values())))
def test_our_own_words_for_a_level_are_that_level(field: str) -> None:
    for level in LADDERS[field]:
        assert level_of(field, level.value) is level_of(field, level.name.lower()) is level


@pytest.mark.parametrize(
    ("field", "label", "level"),
    [
        ("given", "Exact match on given", Level.SAME),
        ("family", "Jaro-Winkler distance of family >= 0.92", Level.CLOSE),
        ("family", "Jaro-Winkler distance of family >= 0.88", Level.SIMILAR),
        ("family", "Jaro-Winkler distance of family >= 0.7", None),
        ("sex", "Jaro-Winkler distance of sex >= 0.9", None),
        ("birthDate", "Damerau-Levenshtein distance <= 1", Level.ONE_EDIT),
        ("birthDate", "Levenshtein distance <= 2", Level.TWO_EDITS),
        ("birthDate", "Abs date difference <= 1 month", None),
        ("patientId", "Levenshtein distance of number <= 1", Level.ONE_EDIT),
        ("patientId", "Levenshtein distance of number <= 10", None),
        ("patientId", "All other comparisons", Level.OTHER),
    ],
)
def test_the_labels_of_splinks_own_comparisons(field: str, label: str, level: Level | None) -> None:
    assert level_of(field, label) is level


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no list of comparisons"),
        ("{}", "no list of comparisons"),
        ('{"comparisons": [1]}', "no list of levels"),
        ('{"comparisons": [{"comparison_levels": [1]}]}', "no list of levels"),
        ('{"comparisons": []}', "none of its levels"),
    ],
)
def test_what_is_no_model_of_splink_says_why(text: str, told: str) -> None:
    with pytest.raises(NotSplink, match=told):
        convert(text, DEFAULT_MODEL, "x")


def test_the_guide_lists_every_column_that_is_known() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([a-z_, ]+) \|$", guide, re.MULTILINE)
    listed = {(name.replace("_", ""), field) for field, names in rows for name in names.split(", ")}

    assert listed == set(COLUMNS.items())


LABELS = [
    "same",
    "nearly the same",
    "similar",
    "different",
    "swapped",
    "one_edit",
    "Exact match",
    "similar; others bear both",
    "similar; hardly anybody bears one",
    "else",
    "x",
]
SHARES = st.one_of(st.none(), st.floats(0, 1), st.just("x"))
A_LEVEL = st.builds(a_level, st.sampled_from(LABELS), SHARES, SHARES)
A_COMPARISON = st.builds(
    lambda column, levels: a_comparison(column, *levels),
    st.sampled_from(["reading", *sorted(COLUMNS)]),
    st.lists(A_LEVEL, max_size=5),
)


@given(st.lists(A_COMPARISON, max_size=4))
def test_whatever_was_trained_the_result_is_a_model(comparisons: list[dict[str, Any]]) -> None:
    try:
        converted(*comparisons)
    except NotSplink as error:
        assert "none of its levels" in str(error)  # noqa: PT017 - either is right
