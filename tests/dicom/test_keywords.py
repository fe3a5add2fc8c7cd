"""The words that devices and orders use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.keywords import IMAGE_TOPICS, KEYWORDS, Keywords, Topic, fold, topics_of

WORDS = [(row.topic, word) for row in KEYWORDS for word in row.listed]


@pytest.mark.parametrize(("topic", "word"), WORDS)
def test_every_keyword_is_found_by_its_own_topic(topic: Topic, word: str) -> None:
    assert topic in topics_of(word.replace("*", ""))


@pytest.mark.parametrize(("topic", "word"), WORDS)
def test_every_keyword_is_found_in_capitals_between_other_words(topic: Topic, word: str) -> None:
    assert topic in topics_of(f"Kind 7_{word.replace('*', '').upper()}-2 (Standard)")


@pytest.mark.parametrize("row", KEYWORDS, ids=lambda row: f"{row.topic}-{row.language}")
def test_every_row_has_a_source_and_a_language(row: Keywords) -> None:
    assert row.source.strip()
    assert row.language.strip()
    assert all(fold(word) for word in row.listed)


def test_every_topic_has_words() -> None:
    assert {row.topic for row in KEYWORDS} == set(Topic)
    assert set(Topic) > IMAGE_TOPICS


def test_no_row_repeats_topic_and_language() -> None:
    keys = [(row.topic, row.language) for row in KEYWORDS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tête^Dental (Adulte)", "tete dental adulte"),
        ("FERNRÖNTGEN", "fernrontgen"),
        ("HAND_WRIST", "hand wrist"),
        ("Обзорный", "обзорныи"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER P}ano", "pano"),
        ("Bißflügel", "bissflugel"),
        ("3D-Dental 0.2mm", "d dental mm"),
        ("פנורמי", "פנורמי"),
        ("全景 1", "全景"),
        ("Κεφαλομετρική", "κεφαλομετρικη"),
        ("", ""),
        ("123 - 4", ""),
    ],
)
def test_fold_keeps_letters_of_every_script_and_nothing_else(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("PANORAMIC", {Topic.PANORAMIC}),
        ("Orthopantomogramm", {Topic.PANORAMIC}),
        ("Fernröntgenseitenbild", {Topic.CEPH, Topic.LATERAL}),
        ("LATERAL CEPHALOGRAM", {Topic.CEPH, Topic.LATERAL}),
        ("POSTERO-ANTERIOR CEPHALOGRAM", {Topic.CEPH, Topic.FRONTAL}),
        ("Téléradiographie de profil", {Topic.CEPH, Topic.LATERAL}),
        ("ТРГ боковая", {Topic.CEPH, Topic.LATERAL}),
        ("头颅侧位片", {Topic.CEPH, Topic.LATERAL}),
        ("パノラマ", {Topic.PANORAMIC}),
        ("파노라마 촬영", {Topic.PANORAMIC}),
        ("Bite-Wing left", {Topic.BITEWING}),
        ("rétro-alvéolaire", {Topic.PERIAPICAL}),
        ("Handröntgen", {Topic.HAND_WRIST}),
        ("Kiefergelenk offen", {Topic.TMJ, Topic.DENTAL}),
        ("MODALITYLUT - TEETH", {Topic.DENTAL}),
        ("Dentascan  0.75  H60s", {Topic.DENTAL}),
        ("W033 Chest p.a.", {Topic.ELSEWHERE}),
        ("CBCT 8x8", {Topic.CBCT}),
        ("OPT_EL_CEPH", {Topic.PANORAMIC, Topic.CEPH}),
    ],
)
def test_real_descriptions_name_their_topics(text: str, topics: set[Topic]) -> None:
    assert topics_of(text) == topics


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("PA", Topic.PERIAPICAL),
        ("company", Topic.PANORAMIC),
        ("pancreas", Topic.PANORAMIC),
        ("optic canal", Topic.PANORAMIC),
        ("shandy", Topic.HAND_WRIST),
        ("киста", Topic.HAND_WRIST),
        ("centric occlusion", Topic.OCCLUSAL),
        ("flat field", Topic.LATERAL),
        ("atmosphere", Topic.TMJ),
        ("brachycephalic", Topic.CEPH),
        ("\N{CYRILLIC CAPITAL LETTER KA}\N{CYRILLIC CAPITAL LETTER TE}", Topic.CBCT),
        ("hippocampus", Topic.ELSEWHERE),
    ],
)
def test_words_inside_other_words_do_not_count(text: str, topic: Topic) -> None:
    assert topic not in topics_of(text)


@given(st.text())
def test_any_text_can_be_folded_twice_to_the_same(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_any_text_names_known_topics(text: str) -> None:
    assert topics_of(text) <= set(Topic)


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_words_side_by_side_name_both_topics(one: tuple[Topic, str], other: tuple[Topic, str]) -> None:
    text = f"{one[1]} / {other[1]}".replace("*", "")
    assert {one[0], other[0]} <= topics_of(text)


def test_a_very_long_text_is_read_at_its_beginning_only() -> None:
    assert topics_of("panoramic " + "x " * 100_000) == {Topic.PANORAMIC}
    assert topics_of("x " * 100_000 + "panoramic") == frozenset()
