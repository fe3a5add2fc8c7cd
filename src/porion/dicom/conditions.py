"""Conditions over the facts of a header: small, named, and joined into the rules of ``rules.py``.

A condition answers with a :class:`Match` (how strongly, and which values of the header made it so)
or with None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pydicom.uid import (
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalIntraOralXRayImageStorageForProcessing,
)

from porion.dicom.category import IMAGE_KINDS, Kind
from porion.dicom.codes import Concept
from porion.dicom.keywords import Topic, fold
from porion.dicom.kinds import CT_CLASSES, SOP_CLASS_KINDS
from porion.dicom.teeth import is_posterior, is_right, is_upper

if TYPE_CHECKING:
    from porion.dicom.facts import Coded, Facts


class Match(NamedTuple):
    """How strongly a condition holds (0..1) and the values that made it hold."""

    strength: float
    values: tuple[str, ...] = ()


Condition = Callable[["Facts"], Match | None]

_INTRA_ORAL_CLASSES = frozenset(
    {DigitalIntraOralXRayImageStorageForPresentation, DigitalIntraOralXRayImageStorageForProcessing}
)
_FRONTAL_VIEWS = frozenset({Concept.POSTERO_ANTERIOR, Concept.ANTERO_POSTERIOR, Concept.FRONTAL})
_LATERAL_VIEWS = frozenset({Concept.LEFT_LATERAL, Concept.RIGHT_LATERAL, Concept.LATERAL})


def all_of(*conditions: Condition) -> Condition:
    """Hold when every one holds, as strongly as the weakest."""

    def _joined(facts: Facts) -> Match | None:
        found = []
        for condition in conditions:
            match = condition(facts)
            if match is None:
                return None
            found.append(match)
        return Match(min(match.strength for match in found), _values(found))

    return _joined


def any_of(*conditions: Condition) -> Condition:
    """Hold when at least one holds, as strongly as the strongest."""

    def _joined(facts: Facts) -> Match | None:
        found = [match for condition in conditions if (match := condition(facts))]
        return Match(max(match.strength for match in found), _values(found)) if found else None

    return _joined


def unless(*conditions: Condition) -> Condition:
    """Hold when none of them holds."""

    def _joined(facts: Facts) -> Match | None:
        return None if any(condition(facts) for condition in conditions) else Match(1.0)

    return _joined


def wherever(condition: Condition) -> Condition:
    """Hold fully when the condition holds at all, however little the place is trusted."""

    def _joined(facts: Facts) -> Match | None:
        match = condition(facts)
        return Match(1.0, match.values) if match else None

    return _joined


def _values(matches: list[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for match in matches for value in match.values))


def _when(holds: bool, *values: str) -> Match | None:
    return Match(1.0, values) if holds else None


def keyword(topic: Topic, at_least: float = 0.0) -> Condition:
    """Hold when a text names the topic, as strongly as the most trusted text that does."""

    def _holds(facts: Facts) -> Match | None:
        said = [spoken for spoken in facts.said(topic) if spoken.trust >= at_least]
        return Match(said[0].trust, tuple(spoken.shown for spoken in said)) if said else None

    return _holds


def outranks_panoramic(topic: Topic) -> Condition:
    """Hold when the topic is named in a trusted text, and the word panoramic in no more trusted one."""

    def _holds(facts: Facts) -> Match | None:
        match = keyword(topic, 0.5)(facts)
        panoramic = facts.said(Topic.PANORAMIC)
        return match if match and not (panoramic and panoramic[0].trust > match.strength) else None

    return _holds


def modality(*codes: str) -> Condition:
    """Hold when Modality is one of the codes."""
    return lambda facts: _when(facts.modality in codes, f"Modality={facts.modality}")


def sop_class(*uids: str) -> Condition:
    """Hold when the SOP class is one of the UIDs."""
    return lambda facts: _when(facts.sop_class in uids, f"SOPClassUID={facts.sop_class}")


def kind(*kinds: Kind) -> Condition:
    """Hold when the object is of one of the kinds."""
    return lambda facts: _when(
        facts.kind in kinds, f"SOPClassUID={facts.sop_class}", f"Modality={facts.modality}"
    )


def positioner(term: str) -> Condition:
    """Hold when PositionerType is the term."""
    return lambda facts: _when(facts.positioner == term, f"PositionerType={facts.positioner}")


def orientation(*letters: str) -> Condition:
    """Hold when the rows run in one of the directions (PS3.3 C.7.6.1.1.1)."""
    return lambda facts: _when(facts.orientation in letters, f"PatientOrientation={facts.orientation}")


def view_position(pattern: str) -> Condition:
    """Hold when ViewPosition, which devices fill with free text such as ``AP (ERECT)``, begins so."""
    expression = re.compile(pattern)
    return lambda facts: _when(bool(expression.match(facts.view)), f"ViewPosition={facts.view}")


def _named(coded: tuple[Coded, ...], concepts: frozenset[Concept]) -> Match | None:
    found = tuple(c.shown for c in coded if c.concept in concepts)
    return Match(1.0, found) if found else None


def region(*concepts: Concept) -> Condition:
    """Hold when the anatomic region, its modifier or the body part is one of the concepts."""
    return lambda facts: _named(facts.regions, frozenset(concepts))


def view_code(*concepts: Concept) -> Condition:
    """Hold when the view code is one of the concepts."""
    return lambda facts: _named(facts.views, frozenset(concepts))


def protocol_code(*concepts: Concept) -> Condition:
    """Hold when a protocol or procedure code is one of the concepts."""
    return lambda facts: _named(facts.protocols, frozenset(concepts))


def aspect_at_least(ratio: float) -> Condition:
    """Hold when the image is at least so many times wider than high."""
    return lambda facts: _when(
        facts.rows > 0 and facts.columns >= ratio * facts.rows,
        f"Columns={facts.columns}",
        f"Rows={facts.rows}",
    )


def image_type(*values: str) -> Condition:
    """Hold when one of the first four values of ImageType is among the given ones."""
    return lambda facts: _when(
        not set(values).isdisjoint(facts.image_type), "ImageType=" + "\\".join(facts.image_type)
    )


def made_by(pattern: str) -> Condition:
    """Hold when the folded maker and model match the regular expression."""
    expression = re.compile(pattern)
    return lambda facts: _when(
        bool(expression.search(fold(f"{facts.maker} {facts.model}"))),
        f"Manufacturer={facts.maker}",
        f"ManufacturerModelName={facts.model}",
    )


def is_ct(facts: Facts) -> Match | None:
    """Hold for reconstructed slices and volumes; a secondary capture that says CT is a picture of one."""
    of_class = facts.sop_class in CT_CLASSES
    by_modality = facts.modality == "CT" and facts.kind is Kind.XRAY
    return _when(of_class or by_modality, f"Modality={facts.modality}")


def is_intra_oral(facts: Facts) -> Match | None:
    """Hold for Modality IO and for the intra-oral SOP classes that do not say PX or DX."""
    of_class = facts.sop_class in _INTRA_ORAL_CLASSES and facts.modality not in {"PX", "DX", "CR"}
    return _when(of_class or facts.modality == "IO", f"Modality={facts.modality}")


def lacks_matrix(facts: Facts) -> Match | None:
    """Hold for an object of an image's SOP class that has no Rows and Columns."""
    image_class = SOP_CLASS_KINDS.get(facts.sop_class) in IMAGE_KINDS
    return _when(
        image_class and facts.kind not in IMAGE_KINDS, f"Rows={facts.rows}", f"Columns={facts.columns}"
    )


def is_animal(facts: Facts) -> Match | None:
    """Hold when a species other than the human one is stated."""
    human = not facts.species or facts.species in {"homo sapiens", "human", "mensch"}
    return _when(not human, f"PatientSpeciesDescription={facts.species}")


def is_screen_or_derived(facts: Facts) -> Match | None:
    """Hold for a screen shot, a colour capture or a derived picture."""
    values = [f"ConversionType={facts.conversion}"] if facts.conversion == "WSD" else []
    values += ["SamplesPerPixel=3"] if facts.samples == 3 else []
    derived = image_type("DERIVED", "SECONDARY")(facts)
    shown = (*values, *(derived.values if derived else ()))
    return Match(1.0, shown) if shown else None


def is_isotropic(facts: Facts) -> Match | None:
    """Hold for a square matrix of cubes of at most 0.5 mm, as cone-beam units reconstruct."""
    if facts.spacing is None or facts.thickness is None or facts.rows != facts.columns:
        return None
    down, along = facts.spacing
    cubic = down == along and abs(facts.thickness - down) <= down / 10
    return _when(
        cubic and along <= Decimal("0.5"), f"PixelSpacing={down}", f"SliceThickness={facts.thickness}"
    )


def is_anisotropic(facts: Facts) -> Match | None:
    """Hold when the slices are clearly thicker than the pixels are wide."""
    if facts.spacing is None or facts.thickness is None:
        return None
    thicker = facts.thickness > facts.spacing[0] * Decimal("1.2")
    return _when(thicker, f"PixelSpacing={facts.spacing[0]}", f"SliceThickness={facts.thickness}")


def is_not_spiral(facts: Facts) -> Match | None:
    """Hold unless AcquisitionType or ScanOptions say spiral or helical."""
    return _when(not re.search("SPIRAL|HELIC", facts.acquisition))


def tube_current_at_least(milliamperes: int) -> Condition:
    """Hold when the tube current is stated and at least so high."""
    return lambda facts: _when(
        facts.tube_ma is not None and facts.tube_ma >= milliamperes, f"XRayTubeCurrent={facts.tube_ma}"
    )


def has_cone_beam_technique(facts: Facts) -> Match | None:
    """Hold for a small field of view (250 mm), or at most 125 kV with at most 25 mA."""
    small = facts.collection_diameter is not None and 0 < facts.collection_diameter <= 250
    weak = facts.kvp is not None and facts.tube_ma is not None and facts.kvp <= 125 and facts.tube_ma <= 25
    return _when(
        small or weak,
        f"DataCollectionDiameter={facts.collection_diameter}",
        f"KVP={facts.kvp}",
        f"XRayTubeCurrent={facts.tube_ma}",
    )


def _arches(facts: Facts) -> set[bool]:
    """Tell the jaws (True: upper) that tooth list and region name."""
    by_region = {
        c.concept is Concept.MAXILLA
        for c in facts.regions
        if c.concept in {Concept.MAXILLA, Concept.MANDIBLE}
    }
    return by_region | {is_upper(fdi) for fdi in facts.teeth}


def is_in_one_arch(facts: Facts) -> Match | None:
    """Hold when teeth and region name exactly one jaw."""
    return _when(len(_arches(facts)) == 1)


def lists_one_to_five_teeth(facts: Facts) -> Match | None:
    """Hold for the short tooth list of a periapical film."""
    return _when(1 <= len(facts.teeth) <= 5, _shown_teeth(facts))


def lists_opposing_posterior_teeth(facts: Facts) -> Match | None:
    """Hold for premolars and molars of both jaws on one side: what a bitewing shows."""
    both_jaws = len({is_upper(fdi) for fdi in facts.teeth}) == 2
    one_side = len({is_right(fdi) for fdi in facts.teeth}) == 1
    return _when(both_jaws and one_side and all(map(is_posterior, facts.teeth)), _shown_teeth(facts))


def _shown_teeth(facts: Facts) -> str:
    return "PrimaryAnatomicStructureSequence=" + ",".join(map(str, facts.teeth))


def is_occlusal_size(facts: Facts) -> Match | None:
    """Hold when the image covers at least 50 by 70 mm, either way round."""
    if facts.spacing is None:
        return None
    short, long = sorted((facts.rows * facts.spacing[0], facts.columns * facts.spacing[1]))
    return _when(short >= 50 and long >= 70, f"size={short:.0f}x{long:.0f} mm")


def is_bilateral(facts: Facts) -> Match | None:
    """Hold when both sides are said to be shown."""
    return _when(facts.laterality == "B", "ImageLaterality=B")


# Several rules mean the same by these.
shows_hand = any_of(keyword(Topic.HAND_WRIST, 0.5), region(Concept.HAND, Concept.WRIST))
shows_tmj = any_of(keyword(Topic.TMJ), region(Concept.TMJ))
shows_skull_view = any_of(
    keyword(Topic.SKULL_VIEW),
    view_code(Concept.TOWNE, Concept.WATERS, Concept.CALDWELL, Concept.SUBMENTOVERTICAL),
)
is_lateral = any_of(
    view_position(r"LL|RL|LAT"),
    view_code(*_LATERAL_VIEWS),
    orientation("A", "P"),
    keyword(Topic.LATERAL, 0.5),
)
is_lateral_view = any_of(view_position(r"LL|RL|LAT"), view_code(*_LATERAL_VIEWS))
is_frontal_view = any_of(view_position(r"PA|AP"), view_code(*_FRONTAL_VIEWS))
is_frontal = any_of(is_frontal_view, keyword(Topic.FRONTAL, 0.5))
is_projection = all_of(kind(Kind.XRAY), modality("DX", "CR", "RG"))
