import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.readings import Reading, Way, claimed_readings, readings
from porion.dicom.person import PersonName


def pairs(found: tuple[Reading, ...]) -> set[tuple[str, str]]:
    return {(each.family.raw, each.given.raw) for each in found}


def test_a_complete_name_is_read_as_it_stands_and_swapped_when_claimed() -> None:
    name = PersonName("Müller", "Anna")

    assert pairs(readings(name)) == {("Müller", "Anna")}
    assert pairs(claimed_readings(name)) == {("Müller", "Anna"), ("Anna", "Müller")}
    assert claimed_readings(name)[1].ways == (Way.SWAPPED,)


def test_middle_names_belong_to_the_given_names() -> None:
    assert pairs(readings(PersonName("Müller", "Anna", "Maria"))) == {("Müller", "Anna Maria")}


def test_one_component_is_split_at_its_comma() -> None:
    assert ("Müller", "Anna Maria") in pairs(readings(PersonName("Müller, Anna Maria")))


@pytest.mark.parametrize("text", ["Anna Müller", "Müller Anna"])
def test_one_component_is_split_between_words_in_both_orders(text: str) -> None:
    assert {("Müller", "Anna"), ("Anna", "Müller")} <= pairs(readings(PersonName(text)))
    assert {("Müller", "Anna"), ("Anna", "Müller")} <= pairs(readings(PersonName("", text)))


def test_a_compound_family_name_in_one_component_is_among_the_readings() -> None:
    assert ("van der Berg", "Anna") in pairs(readings(PersonName("Anna van der Berg")))


def test_ideographs_without_a_space_are_split_family_first() -> None:
    found = pairs(readings(PersonName("山田太郎")))

    assert ("山田", "太郎") in found
    assert ("太郎", "山田") not in found


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        (PersonName("Smith", "John", suffix="Jr."), "Jr"),
        (PersonName("Smith Jr", "John"), "Jr"),
        (PersonName("Smith", "John", suffix="PhD, senior"), "Sr"),
        (PersonName("Smith Jr., John"), "Jr"),
        (PersonName("John Smith III"), "III"),
        (PersonName("Smith", "John", suffix="MD"), ""),
        (PersonName("Junior", "John"), ""),
    ],
)
def test_the_generation_is_found_wherever_it_stands(name: PersonName, suffix: str) -> None:
    assert {each.suffix for each in readings(name)} == {suffix}


def test_titles_are_no_part_of_a_name_but_a_name_may_look_like_one() -> None:
    assert pairs(readings(PersonName("Dr. Müller", "Frau Anna"))) == {("Müller", "Anna")}
    assert pairs(readings(PersonName("Frau", "Anna"))) == {("Frau", "Anna")}


def test_a_wrongly_decoded_name_has_a_repaired_reading_beside_the_raw_one() -> None:
    raw, mended = readings(PersonName("MÃ¼ller", "Anna"))

    assert (raw.ways, mended.ways) == ((), (Way.REPAIRED,))
    assert mended.family.raw == "Müller"


@pytest.mark.parametrize(("length", "cut"), [(16, True), (17, False), (48, True), (60, True), (64, True)])
def test_a_name_that_fills_a_known_field_may_be_cut_off(length: int, cut: bool) -> None:
    name = PersonName("Müller", "a" * (length - len("Müller^")))

    assert readings(name)[0].given.cut is cut
    assert not readings(name)[0].family.cut


def test_an_empty_name_has_no_readings() -> None:
    assert readings(PersonName()) == readings(PersonName("-", "??")) == ()


@given(st.builds(PersonName, *[st.text(max_size=40)] * 5))
def test_any_name_can_be_read_and_every_reading_says_something(name: PersonName) -> None:
    assert all(each.family or each.given for each in claimed_readings(name))
    assert {each.script for each in claimed_readings(name)} <= {"alphabetic", "ideographic", "phonetic"}
