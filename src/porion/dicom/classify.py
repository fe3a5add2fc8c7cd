"""Tell what an object is: its kind, and for an image its category, with the evidence and its doubts.

Pixels are never looked at. Evidence is weighed, not ordered: no single attribute is right in every
device (see ``rules.py``). Whatever is not sure is marked for a person to look at.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from porion.dicom.category import IMAGE_KINDS, Category, Kind
from porion.dicom.facts import Facts, facts_of
from porion.dicom.rules import CAP, GATES, RULES, Rule
from porion.dicom.verdict import POSSIBLE, SURE, Evidence, Verdict, propose, scores, weighed

if TYPE_CHECKING:
    from porion.dicom.elements import Header

__all__ = ["Category", "Evidence", "Kind", "Verdict", "classify", "device_protocol_key", "propose"]


def classify(header: Header, correction: Category | None = None) -> Verdict:
    """Weigh what a header says; never raises for odd values.

    ``correction`` is the category that a person gave to earlier images of the same device and
    protocol (:func:`device_protocol_key`): it is put first, and a person still looks.
    """
    verdict = _decide(facts_of(header))
    return propose(verdict, correction) if correction else verdict


def device_protocol_key(header: Header) -> str:
    """Name device and protocol by a stable text, equal for all images that a correction speaks of.

    Manufacturer, model, serial number (else station), Modality and protocol (else series
    description), folded in case, width and spacing and joined by ``|``.
    """
    alternatives = (
        ("Manufacturer",),
        ("ManufacturerModelName",),
        ("DeviceSerialNumber", "StationName"),
        ("Modality",),
        ("ProtocolName", "SeriesDescription"),
    )
    parts = (next((text for keyword in row if (text := _plain(header, keyword))), "") for row in alternatives)
    return "|".join(parts)


def _plain(header: Header, keyword: str) -> str:
    text = unicodedata.normalize("NFKC", header.text(keyword) or "").casefold().replace("|", "/")
    return " ".join(text.split())


# A series has hundreds of slices with the same facts.
@lru_cache(maxsize=2048)
def _decide(facts: Facts) -> Verdict:
    gate = next((found for rule in GATES if (found := _ask(rule, facts))), None)
    if facts.kind not in IMAGE_KINDS:
        return _no_image(facts.kind, gate)
    evidence = (gate,) if gate else _weigh(facts)
    cap = _ask(CAP, facts)
    return weighed(facts.kind, (*evidence, cap) if cap else evidence)


def _ask(rule: Rule, facts: Facts) -> Evidence | None:
    match = rule.condition(facts)
    if match is None:
        return None
    return Evidence(rule.id, rule.category, round(rule.weight * match.strength, 4), match.values, rule.source)


def _weigh(facts: Facts) -> tuple[Evidence, ...]:
    """Collect the evidence; rules of last resort only when nothing else reaches a half."""
    first = tuple(found for rule in RULES if not rule.last_resort and (found := _ask(rule, facts)))
    if max(scores(first).values(), default=0.0) >= POSSIBLE:
        return first
    return first + tuple(found for rule in RULES if rule.last_resort and (found := _ask(rule, facts)))


def _no_image(kind: Kind, gate: Evidence | None) -> Verdict:
    confidence = gate.weight if gate else 0.0
    return Verdict(kind, None, confidence, confidence < SURE, (gate,) if gate else (), None, ())
