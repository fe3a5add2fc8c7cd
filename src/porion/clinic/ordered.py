"""What an order asks for: the categories behind its words, codes and modality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.scheduling import PROCEDURES, TEMPLATES
from porion.dicom.category import CLINIC_CODES, Category
from porion.dicom.keywords import Topic, fold, topics_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from porion.dicom.codes import Code

_BY_CODE: Mapping[str, Category] = {
    row.codes[0].value: row.category for row in PROCEDURES.values() if row.codes
}
# One clinic code may stand for two categories; then words have to tell which.
_BY_CLINIC_CODE: Mapping[str, Category] = {
    code: category
    for category, code in CLINIC_CODES.items()
    if list(CLINIC_CODES.values()).count(code) == 1 and category is not Category.OTHER
}
_BY_TOPIC: Mapping[Topic, Category] = {
    Topic.CBCT: Category.CBCT,
    Topic.PANORAMIC: Category.PANORAMIC,
    Topic.BITEWING: Category.BITEWING,
    Topic.PERIAPICAL: Category.PERIAPICAL,
    Topic.OCCLUSAL: Category.OCCLUSAL,
    Topic.HAND_WRIST: Category.HAND_WRIST,
    Topic.TMJ: Category.TMJ,
}
# A modality that is made for one thing only (PS3.3 C.7.3.1.1.1); DX and IO may be anything.
_BY_MODALITY: Mapping[str, Category] = {"PX": Category.PANORAMIC, "CT": Category.CBCT}


def categories_of(codes: Iterable[Code], texts: Iterable[str], modality: str) -> tuple[Category, ...]:
    """What is ordered: a template's categories, or one; none when nothing stated tells which."""
    stated = [code for code in codes if code.value]
    words = [text for text in (*texts, *(code.meaning for code in stated)) if text]
    names = {fold(text) for text in (*words, *(code.value for code in stated))}
    for template in TEMPLATES.values():
        if names & {fold(template.name), fold(template.description)}:
            return template.categories
    known = _known(stated) or _named(words) or _BY_MODALITY.get(modality)
    return (known,) if known else ()


def _known(codes: Iterable[Code]) -> Category | None:
    for code in codes:
        if code.is_snomed and code.value in _BY_CODE:
            return _BY_CODE[code.value]
        plain = code.value.strip().upper()
        if plain in set(Category) - {Category.OTHER}:
            return Category(plain)
        if plain in _BY_CLINIC_CODE:
            return _BY_CLINIC_CODE[plain]
    return None


def _named(texts: Iterable[str]) -> Category | None:
    for text in texts:
        topics = topics_of(text)
        if Topic.CEPH in topics:
            frontal = Topic.FRONTAL in topics and Topic.LATERAL not in topics
            return Category.CEPHALOMETRIC_PA if frontal else Category.CEPHALOMETRIC_LATERAL
        found = next((category for topic, category in _BY_TOPIC.items() if topic in topics), None)
        if found is not None:
            return found
    return None
