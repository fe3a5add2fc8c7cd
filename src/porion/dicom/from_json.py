"""Data sets out of the DICOM JSON Model (PS3.18 annex F), as other systems answer queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from porion.dicom.elements import Element, Elements, UnreadableDicom
from porion.dicom.vr import KNOWN, NUMBERS

if TYPE_CHECKING:
    from porion.dicom.elements import Value

_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_DEEPEST = 16
_WHOLE = frozenset(vr for vr in NUMBERS if vr not in ("FL", "FD"))


def from_dicom_json(model: Any, depth: int = 0) -> Elements:
    """The elements of one object; bulk data is left out. UnreadableDicom for what is no such model."""
    if not isinstance(model, dict) or depth > _DEEPEST:
        raise UnreadableDicom("it is not the JSON model of a data set")
    found = [_element(key, attribute, depth) for key, attribute in model.items()]
    return Elements({one.tag: one for one in sorted(found, key=lambda one: one.tag)})


def _element(key: str, attribute: Any, depth: int) -> Element:
    try:
        tag, vr = int(key, 16), str(attribute["vr"])
    except (ValueError, TypeError, KeyError):
        raise UnreadableDicom("one of its attributes has neither tag nor VR") from None
    values = attribute.get("Value", [])
    if len(key) != 8 or vr not in KNOWN or not isinstance(values, list):
        raise UnreadableDicom("one of its attributes is not as the JSON model has it")
    if vr == "SQ":
        return Element(tag, vr, items=tuple(from_dicom_json(item or {}, depth + 1) for item in values))
    return Element(tag, vr, tuple(_value(vr, value) for value in values))


def _value(vr: str, value: Any) -> Value:
    if value is None:
        return ""
    if vr == "PN" and isinstance(value, dict):
        return "=".join(str(value.get(group) or "") for group in _GROUPS).rstrip("=")
    if isinstance(value, (dict, list)):
        raise UnreadableDicom("one of its values is not as the JSON model has it")
    if vr in _WHOLE or vr in ("FL", "FD"):
        return _number(value)
    # A number as other systems write it: 3.0 is the text 3.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number(value: Any) -> Value:
    try:
        return int(value) if float(value).is_integer() else float(value)
    except (TypeError, ValueError, OverflowError):
        raise UnreadableDicom("one of its numbers is none") from None
