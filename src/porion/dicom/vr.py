"""Value representations: how each is laid out, and which one a tag has when the file does not say."""

from __future__ import annotations

from functools import lru_cache

from pydicom.datadict import DicomDictionary, RepeatersDictionary, mask_match, private_dictionaries

# PS3.5 section 7.1.2, tables 7.1-1 and 7.1-2: a two-byte or a four-byte length in explicit VR.
SHORT_FORM = {
    vr.encode(): vr
    for vr in "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()  # noqa: SIM905
}
LONG_FORM = {
    vr.encode(): vr for vr in ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
}
KNOWN = frozenset(SHORT_FORM.values()) | frozenset(LONG_FORM.values())

# PS3.5 table 6.2-1: which VRs are text, and which of these hold one value whatever it contains.
MULTI_TEXT = frozenset(("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UC", "UI"))
SINGLE_TEXT = frozenset(("LT", "ST", "UR", "UT"))
# PS3.5 section 6.1.2.3: the VRs that (0008,0005) speaks of; the others use the default repertoire.
CHARACTER_SET_VRS = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))
BYTES = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))

# PS3.5 table 6.2-1: struct letter and size in bytes of one value.
NUMBERS = {
    "US": ("H", 2),
    "SS": ("h", 2),
    "UL": ("I", 4),
    "SL": ("i", 4),
    "UV": ("Q", 8),
    "SV": ("q", 8),
    "FL": ("f", 4),
    "FD": ("d", 8),
}

# Where PS3.6 leaves a choice, PS3.5 annex A.1 settles it for implicit VR. "US or SS" stays open: it
# depends on (0028,0103) and is settled when values are decoded.
SIGNED_OR_NOT = "US or SS"
SETTLED = {"OB or OW": "OW", "US or OW": "OW", "US or SS or OW": "OW", "OB_OW": "OB", "NONE": "UN"}


@lru_cache(maxsize=8192)
def public_vr(tag: int) -> str | None:
    """The VR of PS3.6 (repeating groups included), or None for a private or unknown tag."""
    entry = DicomDictionary.get(tag)
    if entry is None:
        mask = mask_match(tag)
        if mask is None:
            return "UL" if tag & 0xFFFF == 0 else None
        entry = RepeatersDictionary[mask]
    return SETTLED.get(entry[0], entry[0])


def is_private_creator(tag: int) -> bool:
    """Whether the tag reserves a block of private elements (PS3.5 section 7.8.1)."""
    return bool(tag & 0x10000) and 0x10 <= tag & 0xFFFF <= 0xFF


def creator_tag(tag: int) -> int:
    """The tag of the private creator that a private element belongs to."""
    return tag & 0xFFFF0000 | (tag & 0xFFFF) >> 8


def private_entry(tag: int, creator: str) -> tuple[str, str, str, str] | None:
    """VR, multiplicity, name and retired mark from pydicom's private dictionaries, or None."""
    entries = private_dictionaries.get(creator)
    if entries is None:
        return None
    text = f"{tag:08X}"
    masks = (text, f"{text[:4]}xx{text[6:]}", f"{text[:2]}xxxx{text[6:]}")
    return next((entries[mask] for mask in masks if mask in entries), None)


@lru_cache(maxsize=8192)
def private_vr(tag: int, creator: str) -> str | None:
    """The VR of a private element, or None when its creator or the element is not known."""
    entry = private_entry(tag, creator)
    return SETTLED.get(entry[0], entry[0]) if entry else None
