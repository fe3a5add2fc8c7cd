from __future__ import annotations

import pytest

from porion.services.spreadsheets import no_formula


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_reckon_with_is_only_shown(start: str) -> None:
    assert no_formula(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "Müller^Anna", "1+1", " =1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert no_formula(text) == text
