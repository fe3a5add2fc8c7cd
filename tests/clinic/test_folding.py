import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.folding import LETTERS, Script, fold, repaired, script_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "MULLER"),
        ("Jørgensen", "Joergensen"),
        ("Jørgensen", "Jorgensen"),
        ("Åse", "Aase"),
        ("Åse", "Ase"),
        ("Groß", "GROSS"),
        ("Bæk", "Baek"),
        ("García-López", "Garcia Lopez"),
        ("O'Brien", "O\u2019Brien"),
        ("O'Brien", "OBrien"),
        ("Müller", "Müller"),
        ("Łódź", "Lodz"),
    ],
)
def test_both_spellings_of_a_letter_fold_to_the_same_name(one: str, other: str) -> None:
    assert fold(one).wholes & fold(other).wholes


def test_the_bare_folding_joins_two_spellings_that_share_no_other() -> None:
    spelled, plain = fold("Mueller"), fold("Muller")

    assert not spelled.wholes & plain.wholes
    assert spelled.bare_whole == plain.bare_whole == "muller"


def test_every_letter_of_the_table_folds_as_its_row_says() -> None:
    for row in LETTERS:
        assert fold(f"b{row.letter}r").wholes == {f"b{row.plain}r", f"b{row.spelled}r"}


def test_names_that_differ_by_more_than_spelling_stay_apart() -> None:
    assert not fold("Möller").wholes & fold("Müller").wholes


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Müller", "alphabetic"),
        ("Иванов", "alphabetic"),
        ("山田", "ideographic"),
        ("佐々木", "ideographic"),
        ("やまだ", "phonetic"),
        ("ヤマダ", "phonetic"),
        ("김", "phonetic"),
        ("", "alphabetic"),
    ],
)
def test_the_script_of_a_name_is_known(text: str, script: str) -> None:
    assert script_of(text) == Script(script)


def test_ideographs_are_never_transliterated() -> None:
    assert fold("山田").plain == ("山田",)


def test_katakana_full_or_half_width_folds_to_hiragana() -> None:
    assert fold("ヤマダ").plain == fold("ﾔﾏﾀﾞ").plain == fold("やまだ").plain


def test_a_lost_letter_may_have_been_one_or_two() -> None:
    pattern = fold("M?ller").lost

    assert pattern is not None
    assert pattern.fullmatch("muller")
    assert pattern.fullmatch("mueller")
    assert not pattern.fullmatch("miller-o")


@pytest.mark.parametrize("text", ["????", "?a", "a?b?c?d?e?f", "Anna"])
def test_too_many_lost_letters_make_no_pattern(text: str) -> None:
    assert fold(text).lost is None


def test_a_wrongly_decoded_name_is_repaired_and_a_good_one_left_alone() -> None:
    assert repaired("MÃ¼ller") == "Müller"
    assert repaired("Müller") == "Müller"
    assert repaired("Muller") == "Muller"


@given(st.text())
def test_any_text_folds_to_words_without_spaces(text: str) -> None:
    folded = fold(text)

    assert all(word and not word.isspace() for words in (folded.plain, folded.spelled) for word in words)
    assert len(folded.bare) == len(folded.plain)
    assert bool(folded) == bool(folded.whole)


@given(st.text(alphabet="abcdefgäöüßøåæéñ -'", min_size=1))
def test_folding_does_not_depend_on_case(text: str) -> None:
    assert fold(text).wholes == fold(text.upper()).wholes
