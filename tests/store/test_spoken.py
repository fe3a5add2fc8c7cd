from __future__ import annotations

import pytest
import sqlalchemy as sa

from porion.store.spoken import foldings, has_begun, patient_keys_of, search_text, shown_keys


def test_words_are_kept_in_every_spelling_once() -> None:
    assert search_text(["Müller", "Muller"], ["P-1"]) == " mueller muller müller p-1"


@pytest.mark.parametrize(
    ("typed", "found"), [("mull", True), ("Muell", True), ("p-", True), ("ler", False), ("%", False)]
)
def test_a_word_is_found_by_its_beginning(typed: str, *, found: bool) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        column = sa.type_coerce(sa.literal(search_text(["Müller"], ["P-1"])), sa.Text)
        assert bool(connection.scalar(sa.select(has_begun(column, typed)))) is found
    engine.dispose()


def test_a_word_without_letters_has_no_other_spelling() -> None:
    assert foldings("") == set()


def test_keys_are_cut_where_an_index_takes_no_more() -> None:
    keys = shown_keys(["x" * 900], ["y" * 900])
    assert {len(text) for text in keys.values()} == {200}
    assert patient_keys_of([], {"family": "Ö", "given": "A"}) == {"dicom_name": "o^a", "dicom_id": ""}
