"""The facts of a header that the rules of classification speak of, read once into a hashable value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from porion.dicom.codes import Concept, codes_in
from porion.dicom.keywords import IMAGE_TOPICS, Topic, fold, topics_of
from porion.dicom.kinds import kind_of
from porion.dicom.scale import Spacing, pixel_scale
from porion.dicom.teeth import laterality, teeth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from porion.dicom.category import Kind
    from porion.dicom.elements import Elements, Header

_LONGEST_SHOWN = 64


class Spoken(NamedTuple):
    """A text of the header, the attribute it stands in and how far that attribute is believed (0..1)."""

    attribute: str
    trust: float
    text: str

    @property
    def shown(self) -> str:
        """``ProtocolName=PANORAMIC``, long texts cut."""
        return f"{self.attribute}={self.text[:_LONGEST_SHOWN]}"


class Coded(NamedTuple):
    """A concept found in the header and the text that shows where."""

    concept: Concept
    shown: str


class TextSource(NamedTuple):
    """An attribute in which words count: how far, and whether it describes an order of several images."""

    attribute: str
    trust: float
    is_order: bool = False


# How far a word is believed by where it stands: a protocol is chosen for one exposure, a study is
# described when it is ordered, a model name tells what the unit can do (NewTom GO: OPT_EL_CEPH).
TEXT_SOURCES: tuple[TextSource, ...] = (
    TextSource("Modality", 1.0),  # CEPH, OPG and PAN occur, though they are no defined terms
    TextSource("ProtocolName", 1.0),
    TextSource("BodyPartExamined", 1.0),
    TextSource("SeriesDescription", 0.9),
    TextSource("StudyDescription", 0.6, is_order=True),
    TextSource("RequestedProcedureDescription", 0.6, is_order=True),
    TextSource("PerformedProcedureStepDescription", 0.6, is_order=True),
    TextSource("ImageComments", 0.5),
    TextSource("ManufacturerModelName", 0.2),
    TextSource("StationName", 0.2),
)
# The items of RequestAttributesSequence carry what the worklist said of the order (PS3.3 C.7.3.1).
REQUEST_SOURCES: tuple[TextSource, ...] = (
    TextSource("RequestedProcedureDescription", 0.6, is_order=True),
    TextSource("ScheduledProcedureStepDescription", 0.6, is_order=True),
)
CODE_SOURCES: tuple[TextSource, ...] = (
    TextSource("ViewCodeSequence", 0.9),
    TextSource("AnatomicRegionSequence", 0.9),
    TextSource("PrimaryAnatomicStructureSequence", 0.9),
    TextSource("PerformedProtocolCodeSequence", 0.9),
    TextSource("ProcedureCodeSequence", 0.9, is_order=True),
    TextSource("RequestedProcedureCodeSequence", 0.9, is_order=True),
)
# An order that names two kinds of image ("OPG and lateral ceph") tells little about each of them.
_AMBIGUOUS_ORDER = 0.5

_REGION_SOURCES = ("AnatomicRegionSequence", "PrimaryAnatomicStructureSequence")
_PROTOCOL_SOURCES = ("PerformedProtocolCodeSequence", "ProcedureCodeSequence")

# BodyPartExamined: defined terms of PS3.16 annex L and what devices write instead.
_BODY_PARTS: Mapping[str, Concept] = MappingProxyType(
    {
        "jaw": Concept.JAW,
        "jaw region": Concept.JAW,
        "mandible": Concept.MANDIBLE,
        "maxilla": Concept.MAXILLA,
        "teeth": Concept.TEETH_AND_GUMS,
        "tooth": Concept.TOOTH,
        "dental": Concept.TEETH_AND_GUMS,
        "head": Concept.HEAD,
        "headneck": Concept.HEAD_AND_NECK,
        "skull": Concept.SKULL,
        "face": Concept.FACIAL_BONES,
        "facialbones": Concept.FACIAL_BONES,
        "tmj": Concept.TMJ,
        "tmjoint": Concept.TMJ,
        "hand": Concept.HAND,
        "wrist": Concept.WRIST,
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask. Equal for all slices of a series, so that a verdict is reached once.

    Codes are upper case; ``orientation`` is the direction of a row (A, P, L, R, H, F or empty);
    lengths are millimetres, ``kvp`` kilovolts, ``tube_ma`` milliamperes.
    """

    kind: Kind
    sop_class: str
    modality: str
    image_type: tuple[str, ...]
    conversion: str
    samples: int | None
    rows: int
    columns: int
    positioner: str
    view: str
    orientation: str
    laterality: str
    species: str
    maker: str
    model: str
    acquisition: str
    kvp: Decimal | None
    tube_ma: Decimal | None
    collection_diameter: Decimal | None
    thickness: Decimal | None
    spacing: Spacing | None
    teeth: tuple[int, ...]
    regions: tuple[Coded, ...]
    views: tuple[Coded, ...]
    protocols: tuple[Coded, ...]
    texts: tuple[Spoken, ...]

    def said(self, topic: Topic) -> tuple[Spoken, ...]:
        """Find the texts that name a topic, the most trusted first, an ambiguous order's trust halved."""
        return _said(self.texts).get(topic, ())


def facts_of(header: Header) -> Facts:
    """Read the facts; nothing is missing afterwards, only empty."""
    sop_class, modality = _upper(header, "SOPClassUID"), _upper(header, "Modality")
    rows, columns = _side(header, "Rows"), _side(header, "Columns")
    return Facts(
        kind=kind_of(sop_class, modality, has_matrix=rows > 0 and columns > 0),
        sop_class=sop_class,
        modality=modality,
        image_type=tuple(value.upper() for value in header.texts("ImageType")[:4]),
        conversion=_upper(header, "ConversionType"),
        samples=header.integer("SamplesPerPixel"),
        rows=rows,
        columns=columns,
        positioner=_upper(header, "PositionerType"),
        view=_upper(header, "ViewPosition"),
        orientation=_upper(header, "PatientOrientation")[:1],
        laterality=laterality(header) or "",
        species=fold(header.text("PatientSpeciesDescription") or ""),
        maker=header.text("Manufacturer") or "",
        model=header.text("ManufacturerModelName") or "",
        acquisition=f"{_upper(header, 'AcquisitionType')} {_upper(header, 'ScanOptions')}".strip(),
        kvp=header.number("KVP"),
        tube_ma=header.number("XRayTubeCurrent"),
        collection_diameter=header.number("DataCollectionDiameter"),
        thickness=_thickness(header),
        spacing=pixel_scale(header).mm,
        teeth=teeth(header),
        regions=_regions(header),
        views=_coded(header.data_set, "ViewCodeSequence"),
        protocols=_coded(header.data_set, *_PROTOCOL_SOURCES),
        texts=_texts(header),
    )


def _upper(header: Header, keyword: str) -> str:
    return (header.text(keyword) or "").strip().upper()


def _side(header: Header, keyword: str) -> int:
    """Read a side of the matrix; what does not fit its VR (US) is no side."""
    pixels = header.integer(keyword) or 0
    return pixels if 0 < pixels < 1 << 16 else 0


def _thickness(header: Header) -> Decimal | None:
    stated = header.number("SliceThickness")
    if stated is not None:
        return stated
    shared = header.items_of("SharedFunctionalGroupsSequence")
    measures = (item for group in shared for item in group.items_of("PixelMeasuresSequence"))
    return next((item.number("SliceThickness") for item in measures), None)


def _coded(elements: Elements, *sequences: str) -> tuple[Coded, ...]:
    return tuple(
        Coded(code.concept, f"{sequence}={code}")
        for sequence in sequences
        for code in codes_in(elements, sequence)
        if code.concept
    )


def _regions(header: Header) -> tuple[Coded, ...]:
    modifiers = tuple(
        found
        for region in header.items_of("AnatomicRegionSequence")
        for found in _coded(region, "AnatomicRegionModifierSequence")
    )
    part = header.text("BodyPartExamined") or ""
    concept = _BODY_PARTS.get(fold(part))
    stated = (Coded(concept, f"BodyPartExamined={part}"),) if concept else ()
    return (*_coded(header.data_set, *_REGION_SOURCES), *modifiers, *stated)


def _texts(header: Header) -> tuple[Spoken, ...]:
    places = [(header.data_set, TEXT_SOURCES)]
    places += [(request, REQUEST_SOURCES) for request in header.items_of("RequestAttributesSequence")]
    spoken = [
        Spoken(source.attribute, source.trust, " ".join(elements.texts(source.attribute)))
        for elements, sources in places
        for source in sources
    ]
    meanings = [
        Spoken(source.attribute, source.trust, code.meaning)
        for source in CODE_SOURCES
        for code in codes_in(header.data_set, source.attribute)
    ]
    return tuple(s for s in (*spoken, *meanings) if s.text.strip())


_ORDERS = frozenset(
    source.attribute for source in (*TEXT_SOURCES, *REQUEST_SOURCES, *CODE_SOURCES) if source.is_order
)


@lru_cache(maxsize=1024)
def _said(texts: tuple[Spoken, ...]) -> Mapping[Topic, tuple[Spoken, ...]]:
    by_topic: dict[Topic, list[Spoken]] = {}
    for spoken in texts:
        topics = topics_of(spoken.text)
        is_vague = spoken.attribute in _ORDERS and len(topics & IMAGE_TOPICS) > 1
        weighed = spoken._replace(trust=spoken.trust * _AMBIGUOUS_ORDER) if is_vague else spoken
        for topic in topics:
            by_topic.setdefault(topic, []).append(weighed)
    ranked = {topic: tuple(sorted(said, key=lambda s: (-s.trust, s))) for topic, said in by_topic.items()}
    return MappingProxyType(ranked)
