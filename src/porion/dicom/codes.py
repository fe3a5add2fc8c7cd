"""Coded concepts (PS3.3 section 8, PS3.16) that tell X-rays apart; SCT, SRT and SNM3 are one family."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.dicom.keywords import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.dicom.elements import Elements


class Concept(StrEnum):
    """A concept by the meaning that PS3.16 gives it."""

    JAW = "Jaw region"
    MANDIBLE = "Mandible"
    MAXILLA = "Maxilla"
    TEETH_AND_GUMS = "Teeth, gums and supporting structures"
    TOOTH = "Tooth"
    HEAD = "Head"
    HEAD_AND_NECK = "Head and Neck"
    SKULL = "Skull"
    FACIAL_BONES = "Facial bones"
    TMJ = "Temporomandibular joint"
    HAND = "Hand"
    WRIST = "Wrist joint"
    LEFT_LATERAL = "left lateral"
    RIGHT_LATERAL = "right lateral"
    LATERAL = "lateral"
    POSTERO_ANTERIOR = "postero-anterior"
    ANTERO_POSTERIOR = "antero-posterior"
    FRONTAL = "frontal"
    OCCLUSAL = "Occlusal projection"
    TOWNE = "Towne"
    WATERS = "Waters"
    CALDWELL = "Caldwell"
    SUBMENTOVERTICAL = "submentovertical"
    CENTRAL_INCISOR_REGION = "Central incisor region"
    LATERAL_INCISOR_REGION = "Lateral incisor region"
    CANINE_REGION = "Canine region"
    FIRST_PREMOLAR_REGION = "First premolar region"
    SECOND_PREMOLAR_REGION = "Second premolar region"
    FIRST_MOLAR_REGION = "First molar region"
    SECOND_MOLAR_REGION = "Second molar region"
    THIRD_MOLAR_REGION = "Third molar region"
    ORTHOPANTOMOGRAPHY = "Orthopantomography"


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """A concept, its codes in the SNOMED family (current first), and the context group that lists it."""

    concept: Concept
    codes: tuple[str, ...]
    source: str


CONCEPTS: tuple[ConceptRow, ...] = (
    ConceptRow(Concept.JAW, ("661005", "T-D1213"), "PS3.16 CID 4016; NewTom GO"),
    ConceptRow(Concept.MANDIBLE, ("91609006", "T-11180"), "PS3.16 CID 4016"),
    ConceptRow(Concept.MAXILLA, ("70925003", "T-11170"), "PS3.16 CID 4016"),
    ConceptRow(Concept.TEETH_AND_GUMS, ("28035005", "T-54000"), "PS3.16 CID 4016"),
    ConceptRow(Concept.TOOTH, ("38199008", "T-54010"), "PS3.16 CID 4028"),
    ConceptRow(Concept.HEAD, ("69536005", "T-D1100"), "PS3.16 CID 4009; dcm4ceph"),
    ConceptRow(Concept.HEAD_AND_NECK, ("774007", "T-D1000"), "PS3.16 CID 4028"),
    ConceptRow(Concept.SKULL, ("89546000", "T-11100"), "PS3.16 CID 4009"),
    ConceptRow(Concept.FACIAL_BONES, ("91397008", "T-11196"), "PS3.16 CID 4009"),
    ConceptRow(Concept.TMJ, ("53620006", "T-15290"), "PS3.16 CID 4028"),
    ConceptRow(Concept.HAND, ("85562004", "T-D8700"), "PS3.16 CID 4009"),
    ConceptRow(Concept.WRIST, ("74670003", "T-15460"), "PS3.16 CID 4009"),
    ConceptRow(Concept.LEFT_LATERAL, ("399173006", "R-10236"), "PS3.16 CID 4010"),
    ConceptRow(Concept.RIGHT_LATERAL, ("399198007", "R-10232"), "PS3.16 CID 4010"),
    ConceptRow(Concept.LATERAL, ("399067008", "R-102CD"), "PS3.16 CID 4010"),
    ConceptRow(
        Concept.POSTERO_ANTERIOR, ("272479007", "R-40888", "R-10214"), "PS3.16 CID 4010; dcm4ceph (R-10214)"
    ),
    ConceptRow(Concept.ANTERO_POSTERIOR, ("399348003", "R-10206"), "PS3.16 CID 4010"),
    ConceptRow(Concept.FRONTAL, ("399033003", "R-10202"), "PS3.16 CID 4010"),
    ConceptRow(Concept.OCCLUSAL, ("260499007", "R-40810"), "PS3.16 CID 4010"),
    ConceptRow(Concept.TOWNE, ("399270002", "R-102AB"), "PS3.16 CID 4012"),
    ConceptRow(Concept.WATERS, ("260473000", "R-407B0"), "PS3.16 CID 4012"),
    ConceptRow(Concept.CALDWELL, ("399358004", "R-10269"), "PS3.16 CID 4012"),
    ConceptRow(Concept.SUBMENTOVERTICAL, ("399255003", "R-10256"), "PS3.16 CID 4010"),
    ConceptRow(Concept.CENTRAL_INCISOR_REGION, ("699453001", "R-FB322"), "PS3.16 CID 4017"),
    ConceptRow(Concept.LATERAL_INCISOR_REGION, ("699511000", "R-FB35C"), "PS3.16 CID 4017"),
    ConceptRow(Concept.CANINE_REGION, ("699510004", "R-FB35B"), "PS3.16 CID 4017"),
    ConceptRow(Concept.FIRST_PREMOLAR_REGION, ("699509009", "R-FB35A"), "PS3.16 CID 4017"),
    ConceptRow(Concept.SECOND_PREMOLAR_REGION, ("699508001", "R-FB359"), "PS3.16 CID 4017"),
    ConceptRow(Concept.FIRST_MOLAR_REGION, ("699507006", "R-FB358"), "PS3.16 CID 4017"),
    ConceptRow(Concept.SECOND_MOLAR_REGION, ("699505003", "R-FB356"), "PS3.16 CID 4017"),
    ConceptRow(Concept.THIRD_MOLAR_REGION, ("699503005", "R-FB354"), "PS3.16 CID 4017"),
    ConceptRow(Concept.ORTHOPANTOMOGRAPHY, ("89846007",), "IHE DENT-OIP, protocol code of the PX step"),
)

TOOTH_REGIONS = frozenset(row.concept for row in CONCEPTS if row.source == "PS3.16 CID 4017")

_SNOMED = frozenset({"sct", "srt", "snm", "sdm", "snomed", "snomed ct", "snomed rt"})

_BY_CODE: Mapping[str, Concept] = MappingProxyType(
    {code: row.concept for row in CONCEPTS for code in row.codes}
)
_BY_MEANING: Mapping[str, Concept] = MappingProxyType({fold(row.concept): row.concept for row in CONCEPTS})


@dataclass(frozen=True, slots=True)
class Code:
    """One coded entry (PS3.3 section 8): designator, value and meaning as the file has them."""

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.value} ({self.meaning})" if self.meaning else self.value

    @property
    def is_snomed(self) -> bool:
        """Whether the designator is one of SNOMED's (SCT, SRT, SNM3, 99SDM)."""
        return fold(self.scheme) in _SNOMED

    @property
    def concept(self) -> Concept | None:
        """The concept: by code within the SNOMED family, else by the meaning's own words."""
        return _concept_of(self)


@lru_cache(maxsize=2048)
def _concept_of(code: Code) -> Concept | None:
    by_code = _BY_CODE.get(code.value) if code.is_snomed else None
    return by_code or _BY_MEANING.get(fold(code.meaning))


def code_of(item: Elements) -> Code:
    """Read the coded entry of an item; a long or URN code value stands in for a missing short one."""
    value = item.text("CodeValue") or item.text("LongCodeValue") or item.text("URNCodeValue")
    return Code(item.text("CodingSchemeDesignator") or "", value or "", item.text("CodeMeaning") or "")


def codes_in(elements: Elements, *keywords: str) -> Iterator[Code]:
    """Yield the coded entries of the named sequences, in their order."""
    for keyword in keywords:
        for item in elements.items_of(keyword):
            yield code_of(item)
