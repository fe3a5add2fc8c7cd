from __future__ import annotations

from porion.services.records import SeriesRow, StudyRow
from porion.services.search_answers import answer_of
from porion.services.search_rows import Found, Person


def test_what_is_unknown_is_an_attribute_without_a_value() -> None:
    answer = answer_of(Found(StudyRow("1", "1.2"), Person()), {}, "")
    assert answer["00100010"] == {"vr": "PN"}
    assert answer["00080020"] == {"vr": "DA"}
    assert answer["00201208"] == {"vr": "IS", "Value": [0]}
    assert "00080201" not in answer


def test_all_groups_of_a_name_are_told() -> None:
    person = Person(("Yamada^Tarou", "山田^太郎", "やまだ^たろう"))
    answer = answer_of(Found(StudyRow("1", "1.2"), person), {}, "")
    assert answer["00100010"]["Value"] == [
        {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}
    ]


def test_a_level_that_the_address_names_is_told_by_its_uid_alone() -> None:
    found = Found(StudyRow("1", "1.2"), Person(("A^B",)), SeriesRow("2", "1", "1.3", "CT"))
    answer = answer_of(found, {"StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.3"}, "/w")
    assert set(answer) == {"0020000D", "0020000E", "00081190", "00080056"}
