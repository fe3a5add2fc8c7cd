"""Text in many character sets, rightly labelled and wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.charset import convert_encodings, encode_string

from porion.dicom.charset import character_set

NAMES = [
    (("ISO_IR 100",), "Müller^Jürg"),
    (("ISO_IR 101",), "Wałęsa^Lech"),
    (("ISO_IR 126",), "Διονυσιος"),
    (("ISO_IR 127",), "قباني^لنزار"),
    (("ISO_IR 138",), "שרון^דבורה"),
    (("ISO_IR 144",), "Прыгунов^Юрий"),
    (("ISO_IR 148",), "Çavuşoğlu"),
    (("ISO_IR 166",), "แขก"),
    (("ISO_IR 192",), "Wang^XiaoDong=王^小東"),
    (("GB18030",), "Wang^XiaoDong=王^小东"),
    (("GBK",), "Wang^XiaoDong=王^小东"),
    (("ISO_IR 13",), "ﾔﾏﾀﾞ^ﾀﾛｳ"),
    (("", "ISO 2022 IR 87"), "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    (("", "ISO 2022 IR 87", "ISO 2022 IR 159"), "あa齩"),
    (("", "ISO 2022 IR 149"), "Hong^Gildong=洪^吉洞=홍^길동"),
    (("ISO 2022 IR 100", "ISO 2022 IR 144"), "Dionysios=Люксембург"),
    (("ISO 2022 IR 100",), "Åström^Örjan"),
]


@pytest.mark.parametrize(("terms", "text"), NAMES)
def test_rightly_labelled_text_needs_no_repair(terms: tuple[str, ...], text: str) -> None:
    encodings = convert_encodings(list(terms))
    groups = [
        b"^".join(encode_string(part, encodings) for part in group.split("^")) for group in text.split("=")
    ]
    assert character_set(terms).decode(b"=".join(groups), name=True) == (text, None)


@pytest.mark.parametrize(
    ("terms", "raw"),
    [(("ISO_IR 203",), b"\xa6imon^\xbcuvre"), (("", "ISO 2022 IR 203"), b"\x1b-b\xa6imon^\x1b-b\xbcuvre")],
)
def test_latin_alphabet_no_9_is_known(terms: tuple[str, ...], raw: bytes) -> None:
    assert character_set(terms).decode(raw, name=True) == ("Šimon^Œuvre", None)


def test_each_line_of_chinese_text_has_its_own_escape() -> None:
    raw = b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="
    text, reason = character_set(("", "ISO 2022 IR 58")).decode(raw, name=True)
    assert (text, reason) == ("Zhang^XiaoDong=张^小东=", None)


def test_a_delimiter_brings_back_the_first_character_set() -> None:
    raw = b"\x1b-L\xbb\xee\\M\xfcller"
    assert character_set(("ISO 2022 IR 100", "ISO 2022 IR 144")).decode(raw) == ("Лю\\Müller", None)


@pytest.mark.parametrize("terms", [(), ("ISO_IR 100",), ("ISO_IR 6",), ("ISO_IR 101",), ("ISO_IR 144",)])
def test_utf_8_under_another_label_is_read_as_utf_8(terms: tuple[str, ...]) -> None:
    text, reason = character_set(terms).decode("Прыгунов^Юрий".encode())
    assert text == "Прыгунов^Юрий"
    assert reason is not None
    assert "UTF-8" in reason


@pytest.mark.parametrize(
    ("terms", "raw", "text"),
    [
        (("ISO_IR 100",), b"\x8eupan\x9a", "Županš"),
        ((), b"M\xfcller", "Müller"),
        ((), b"\x93K\xfcbler\x94", "“Kübler”"),
        (("ISO_IR 192",), b"M\xfcller", "Müller"),
        (("", "ISO 2022 IR 149"), "홍^길동".encode("euc_kr"), "홍^길동"),
    ],
)
def test_mislabelled_text_is_read_and_the_repair_told(terms: tuple[str, ...], raw: bytes, text: str) -> None:
    decoded, reason = character_set(terms).decode(raw)
    assert decoded == text
    assert reason is not None


@pytest.mark.parametrize(
    ("terms", "raw", "text"),
    [
        ((), b"M\x81ller", "M<81>ller"),
        (("GB18030",), b"\xff\xff", "<FF><FF>"),
        (("ISO 2022 IR 100", ""), b"a\x1b*Zb", "a<1B>*Zb"),
    ],
)
def test_bytes_that_are_no_text_are_shown_and_told(terms: tuple[str, ...], raw: bytes, text: str) -> None:
    decoded, reason = character_set(terms).decode(raw)
    assert decoded == text
    assert reason is not None


def test_an_escape_to_a_set_that_is_not_stated_is_followed_and_told() -> None:
    text, reason = character_set(("ISO 2022 IR 100",)).decode(b"\x1b-L\xbb\xee")
    assert text == "Лю"
    assert reason == "switches to a character set that is not stated (iso_ir_144)"


@pytest.mark.parametrize(
    ("term", "encoding"),
    [("ISO-IR 100", "latin_1"), ("ISO_IR_192", "UTF8"), ("utf-8", "UTF8"), ("ISO 2022-IR 87", "iso2022_jp")],
)
def test_misspelt_terms_are_understood_and_listed(term: str, encoding: str) -> None:
    charset = character_set((term,))
    assert charset.encodings == (encoding,)
    assert term in charset.problems[0]


def test_an_unknown_term_is_listed_and_counts_as_none() -> None:
    assert character_set(("KLINGON",)).problems == ("unknown character set 'KLINGON'",)
    assert character_set(("KLINGON",)).decode(b"abc") == ("abc", None)


@given(st.binary(max_size=300), st.sampled_from([terms for terms, _ in NAMES]), st.booleans())
def test_any_bytes_become_text_and_never_lose_one_silently(
    raw: bytes, terms: tuple[str, ...], name: bool
) -> None:
    text, reason = character_set(terms).decode(raw, name=name)
    assert (
        "\N{REPLACEMENT CHARACTER}" not in text
        or reason
        or b"\xef\xbf\xbd" in raw
        or b"\x84\x31\xa4\x37" in raw
    )
    assert text.count("?") <= raw.count(b"?")


def test_escapes_that_a_converter_left_in_utf_8_are_no_letters() -> None:
    raw = "Hong^Gildong=\x1b$)C洪^\x1b$)C吉洞".encode()
    text, reason = character_set(("ISO_IR 192",)).decode(raw, name=True)
    assert text == "Hong^Gildong=洪^吉洞"
    assert reason is not None
    assert "left in UTF-8" in reason


def test_escapes_without_which_nothing_would_be_left_are_kept() -> None:
    raw = b"Yamada^Tarou=" + "山田".encode("iso2022_jp")
    text, _ = character_set(("ISO_IR 192",)).decode(raw, name=True)
    assert text == "Yamada^Tarou=山田"
