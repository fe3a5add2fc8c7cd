"""A patients' table is read whatever wrote it, and nothing in it is guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.person import Identifier, PersonName
from porion.folder.csv_rows import CsvRow, UnreadableCsv, parse_patients, read_patients

HEADER = "family_name,given_name,middle_name,birth_date,sex,patient_id,issuer"


def rows(*lines: str, header: str = HEADER) -> tuple[CsvRow, ...]:
    return parse_patients("\n".join([header, *lines]).encode()).rows


def test_a_row_becomes_a_claimed_identity_with_its_row_number() -> None:
    (row,) = rows("Beispiel,Anna,Maria,2012-04-03,F,P-1,CLINIC")
    assert row.number == 2
    assert row.claim.name == PersonName("Beispiel", "Anna", "Maria")
    assert row.claim.birth_date == date(2012, 4, 3)
    assert row.claim.sex == "F"
    assert row.claim.identifiers == (Identifier("P-1", "CLINIC"),)
    assert row.problems == ()


def test_own_id_and_suffix_are_optional_columns() -> None:
    (row,) = rows("7,Beispiel,Jan,Jr,2012-04-03", header="ID,Surname,First Name,suffix,DOB")
    assert (row.id, row.claim.name.suffix) == ("7", "Jr")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Müller".encode(), "utf-8"),
        ("Müller".encode("utf-8-sig"), "utf-8-sig"),
        ("Müller".encode("utf-16"), "utf-16"),
        ("Müller".encode("utf-16-le"), "utf-16-le"),
        ("Müller".encode("utf-16-be"), "utf-16-be"),
        ("Müller".encode("utf-32"), "utf-32"),
        ("Müller".encode("cp1252"), "windows-1252"),
    ],
)
def test_the_encoding_is_recognised_and_told(data: bytes, encoding: str) -> None:
    text = f"{HEADER}\nMüller,Anna,,2012-04-03,F,1,\n"
    codec = {"windows-1252": "cp1252"}.get(encoding, encoding)
    table = parse_patients(text.encode(codec))
    assert table.encoding == encoding
    assert table.rows[0].claim.name.family == "Müller"
    assert data.decode(codec) == "Müller"


def test_a_byte_that_no_encoding_has_is_reported_with_its_row() -> None:
    table = parse_patients(
        HEADER.encode() + b"\nM\xfcll\x81er,Anna,,2012-04-03,F,1,\nBeck,Jan,,2012-04-03,M,2,\n"
    )
    assert "could not be read" in table.rows[0].problems[0]
    assert table.rows[1].problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_recognised(delimiter: str) -> None:
    text = f"{HEADER}\nBeispiel,Anna,,2012-04-03,F,1,CLINIC\n".replace(",", delimiter)
    table = parse_patients(text.encode())
    assert table.delimiter == delimiter
    assert table.rows[0].claim.name.given == "Anna"


def test_the_separator_line_of_spreadsheets_is_skipped_and_counted() -> None:
    table = parse_patients(b"sep=;\r\nNachname;Vorname;Geburtsdatum\r\nBeck;Jan;03.04.2012\r\n")
    assert table.rows[0].number == 3
    assert table.rows[0].claim.birth_date == date(2012, 4, 3)


def test_german_columns_are_understood_and_foreign_ones_are_named() -> None:
    table = parse_patients(
        "Nachname;Vorname;Geburtsdatum;Geschlecht;Telefon\nBeck;Jan;03.04.2012;männlich;1\n".encode()
    )
    assert table.rows[0].claim.sex == "M"
    assert table.ignored == ("Telefon",)
    assert table.date_format == "DD.MM.YYYY"


def test_cells_that_look_like_formulas_stay_what_they_are() -> None:
    (row,) = rows("=HYPERLINK(1),+Anna,@x,2012-04-03,F,-1,CLINIC")
    assert row.claim.name == PersonName("=HYPERLINK(1)", "+Anna", "@x")
    assert row.claim.identifiers[0].value == "-1"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("F", "F"),
        ("w", "F"),
        ("Weiblich", "F"),
        ("male", "M"),
        ("h", "M"),
        ("divers", "O"),
        ("", ""),
        ("U", ""),
    ],
)
def test_words_for_sex_become_the_codes_of_dicom(word: str, code: str) -> None:
    (row,) = rows(f"Beispiel,Anna,,2012-04-03,{word},1,")
    assert (row.claim.sex, row.problems) == (code, ())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",,,2012-04-03,F,1,", "no name"),
        ("Beispiel,Anna,,2012-04-03,purple,1,", "the sex purple is not understood"),
        ("Beispiel,Anna,,2012-02-30,F,1,", "2012-02-30 cannot be read"),
        ("Beispiel,Anna,,03.04.12,F,1,", "03.04.12 cannot be read"),
        ("Beispiel,Anna,,2012-04-03,F,1.2E+05,", "shortened"),
        ("Beispiel,Anna,,2012-04-03,F,1,CLINIC,extra", "8 cells where the header has 7"),
        ('"Beispiel,Anna,,2012-04-03,F,1,\nBeck,Jan,,2012-04-03,M,2,', "line break"),
        ("x" * 200_000, "cannot be read from here on"),
    ],
)
def test_a_bad_row_keeps_its_place_and_says_why(line: str, problem: str) -> None:
    found = rows(line)
    assert len(found) == 1
    assert any(problem in words for words in found[0].problems), found[0].problems


def test_a_short_row_and_blank_rows_do_no_harm() -> None:
    found = rows("Beispiel,Anna", ",,,,,,", "", "Beck,Jan,,2012-04-03,M,2,")
    assert [(row.number, row.claim.name.family) for row in found] == [(2, "Beispiel"), (5, "Beck")]


def test_a_patient_id_that_comes_twice_is_reported() -> None:
    found = rows("A,A,,2012-04-03,F,1,X", "B,B,,2012-04-03,F,1,Y", "C,C,,2012-04-03,F,1,X")
    assert [row.problems for row in found] == [(), (), ("the same ID as in row 2",)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "missing columns family_name, given_name, birth_date"),
        (b"a,b,c\n1,2,3\n", "columns found: a, b, c"),
        (b"family_name,given_name\nA,B\n", "missing columns birth_date"),
        (b"surname,last name,given,dob\nA,B,C,D\n", "remove or rename last name"),
        (b"PK\x03\x04\x00\x00\x08\x00\x00\x00\x00\x00 not text", "binary"),
    ],
)
def test_a_file_that_is_no_table_of_patients_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableCsv, match=words):
        parse_patients(data)


def test_a_file_is_read_from_its_path_and_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(f"{HEADER}\nBeck,Jan,,2012-04-03,M,2,\n")
    (tmp_path / "link.csv").symlink_to("patients.csv")
    assert read_patients(tmp_path / "link.csv") == read_patients(tmp_path / "patients.csv")
    with pytest.raises(UnreadableCsv, match="cannot be read"):
        read_patients(tmp_path)


@given(st.binary(max_size=300))
def test_no_bytes_below_a_good_header_raise(data: bytes) -> None:
    table = parse_patients(
        b"family_name,given_name,birth_date\nBeck,Jan,2012-04-03\n" + data.replace(b"\0", b"")
    )
    assert table.rows[0].claim.name.family in {"Beck", "䉥捫"} or table.encoding.startswith("utf-16")


@given(st.binary(max_size=300))
def test_any_bytes_without_such_a_header_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnreadableCsv, match=r"\.$"):
        parse_patients(data)
