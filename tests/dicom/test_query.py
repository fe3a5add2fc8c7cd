from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.person import PersonName
from porion.dicom.query import (
    BadKey,
    OneOf,
    Pattern,
    Span,
    clean_date,
    clean_time,
    codes,
    date_span,
    folded,
    name_key,
    name_text,
    time_span,
    uid_list,
)

DAYS = st.dates(date(1000, 1, 1))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("20260302", Span("20260302", "20260302")),
        (" 20260302 ", Span("20260302", "20260302")),
        ("20260302-", Span("20260302", None)),
        ("-20260302", Span(None, "20260302")),
        ("20260101-20261231", Span("20260101", "20261231")),
    ],
)
def test_a_date_is_a_day_or_a_range(text: str, span: Span) -> None:
    assert date_span(text) == span


@pytest.mark.parametrize(
    "text", ["-", "2026", "20260230", "2026-03-02", "today", "20260101-2026", "٢٠٢٦٠٣٠٢"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        date_span(text)


@pytest.mark.parametrize(
    ("asked", "stated", "within"),
    [
        ("10", "105959.9", True),
        ("10", "11", False),
        ("1015", "101559", True),
        ("1015", "101600", False),
        ("1000-1130", "113059", True),
        ("100000-1130", "10", True),
        ("-1130", "113100", False),
        ("101500.5-", "101500", False),
        ("10:15:00", "101500", True),
        ("101500", "101500.25", True),
    ],
)
def test_a_time_covers_what_it_does_not_say(asked: str, stated: str, *, within: bool) -> None:
    span, held = time_span(asked), clean_time(stated)
    assert held is not None
    assert ((span.low or "") <= held <= (span.high or "~")) is within


@pytest.mark.parametrize("text", ["-", "1", "10155", "noon", "10-noon", "101500."])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        time_span(text)


@given(DAYS, DAYS, DAYS)
def test_a_range_of_dates_holds_exactly_the_days_between(low: date, high: date, day: date) -> None:
    span = date_span(f"{low:%Y%m%d}-{high:%Y%m%d}")
    held = clean_date(day.strftime("%Y%m%d"))
    assert held is not None
    assert span.low is not None
    assert span.high is not None
    assert (span.low <= held <= span.high) == (low <= day <= high)


@given(st.times(), st.times())
def test_times_as_text_are_in_the_order_of_the_day(one: time, another: time) -> None:
    first, second = (clean_time(each.strftime("%H%M%S.%f")) for each in (one, another))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < another)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (date_span, time_span):
        try:
            assert isinstance(read(text), Span)
        except BadKey:
            continue
    clean_date(text)
    clean_time(text)
    assert folded(folded(text)) == folded(text)


def test_uids_are_listed_with_commas_or_backslashes() -> None:
    assert uid_list("1.2,1.3\\1.4, ,") == OneOf(("1.2", "1.3", "1.4"))


def test_codes_are_listed_and_may_hold_wildcards() -> None:
    assert codes("PX\\D?") == (Pattern("PX"), Pattern("D?"))


def test_names_meet_without_case_and_accents() -> None:
    name = PersonName("Müller", "Renée", prefix="Dr.")
    assert name_text(name) == "Müller^Renée^^Dr."
    assert name_key([name_text(name), "", ""]) == "muller^renee^^dr."
    assert name_key(["Yamada^Tarou", "山田^太郎"]) == "yamada^tarou=山田^太郎"


@pytest.mark.parametrize(
    ("text", "literal", "prefix"), [("Mü*", False, "Mü"), ("M?l", False, "M"), ("Müller", True, "Müller")]
)
def test_a_pattern_knows_what_it_begins_with(text: str, prefix: str, *, literal: bool) -> None:
    pattern = Pattern(text)
    assert (pattern.is_literal, pattern.prefix) == (literal, prefix)
