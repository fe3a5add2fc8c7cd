import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.phonetics import cologne, sounds


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("mullerludenscheidt", "65752682"),
        ("wikipedia", "3412"),
        ("breschnew", "17863"),
        ("meyer", "67"),
        ("philipp", "351"),
        ("christian", "47826"),
        ("czerny", "876"),
        ("xaver", "4837"),
        ("h", ""),
    ],
)
def test_cologne_codes_follow_postels_rules(word: str, code: str) -> None:
    assert cologne(word) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [("meyer", "maier"), ("schmidt", "schmitt"), ("fischer", "vischer"), ("katherine", "kathryn")],
)
def test_names_that_sound_alike_share_a_code(one: str, other: str) -> None:
    assert set(sounds(one)) & set(sounds(other))


def test_names_that_sound_different_share_none() -> None:
    assert not set(sounds("fischer")) & set(sounds("wagner"))


def test_an_ideographic_word_is_its_own_code() -> None:
    assert sounds("山田") == ("x山田",)


@given(st.text(min_size=1))
def test_every_word_has_a_code(word: str) -> None:
    assert all(len(code) > 1 for code in sounds(word))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz"))
def test_a_cologne_code_has_vowels_at_its_start_only(word: str) -> None:
    assert "0" not in cologne(word)[1:]
