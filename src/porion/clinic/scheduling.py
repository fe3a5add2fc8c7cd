"""What can be scheduled at a device, and which states a scheduled step may take one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.dicom.category import Category
from porion.dicom.codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping


class StepState(StrEnum):
    """Where a scheduled procedure step stands."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"


OPEN = frozenset({StepState.SCHEDULED, StepState.IN_PROGRESS})
"""The states in which a device still gets to see a step."""

FOLLOWS: Mapping[StepState, frozenset[StepState]] = MappingProxyType(
    {
        StepState.SCHEDULED: frozenset(StepState) - {StepState.SCHEDULED},
        # A device that began may give up and leave the step to another one.
        StepState.IN_PROGRESS: frozenset({StepState.COMPLETED, StepState.DISCONTINUED, StepState.SCHEDULED}),
        StepState.COMPLETED: frozenset(),
        # Who discontinued may have made an image all the same, or try again.
        StepState.DISCONTINUED: frozenset({StepState.SCHEDULED, StepState.IN_PROGRESS, StepState.COMPLETED}),
        # A device may have fetched its worklist before, and exposed: that is a fact.
        StepState.CANCELLED: frozenset(
            {StepState.SCHEDULED, StepState.IN_PROGRESS, StepState.COMPLETED, StepState.DISCONTINUED}
        ),
    }
)
"""Which states may come after which: what was completed stays so."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """What one step makes: its category, how people and devices call it, its codes.

    ``dicom_modality`` is what the worklist says (0008,0060); ``source`` tells where the codes come from.
    """

    category: Category
    description: str
    dicom_modality: str
    codes: tuple[Code, ...]
    source: str


_OPEN_ORTHO = "open-ortho terminology, value set dental-imaging"
_VIEW = "PS3.16 CID 4010"
_LATERAL = Code("SCT", "105301000220109", "Plain X-ray cephalometry, lateral")
_CEPHALOMETRY = Code("SCT", "1293073005", "Plain X-ray cephalometry")
_PA = Code("SCT", "272479007", "Postero-anterior projection")

_ROWS = (
    Procedure(
        Category.PANORAMIC,
        "Panoramic",
        "PX",
        (Code("SCT", "89846007", "Orthopantogram"),),
        "IHE DENT-OIP, Modality Worklist",
    ),
    Procedure(
        Category.CEPHALOMETRIC_LATERAL, "Lateral cephalogram", "DX", (_LATERAL,), f"DENT-OIP; {_OPEN_ORTHO}"
    ),
    Procedure(
        Category.CEPHALOMETRIC_PA, "PA cephalogram", "DX", (_CEPHALOMETRY, _PA), f"{_OPEN_ORTHO}; {_VIEW}"
    ),
    Procedure(Category.PERIAPICAL, "Periapical", "IO", (), ""),
    Procedure(
        Category.BITEWING,
        "Bitewing",
        "IO",
        (Code("SCT", "241046008", "Dental plain X-ray bitewing"),),
        _OPEN_ORTHO,
    ),
    Procedure(Category.OCCLUSAL, "Occlusal", "IO", (), ""),
    Procedure(
        Category.CBCT,
        "Cone-beam volume",
        "CT",
        (Code("SCT", "717193008", "Cone beam computed tomography"),),
        "SNOMED CT",
    ),
    Procedure(Category.HAND_WRIST, "Hand and wrist", "DX", (), ""),
    Procedure(Category.TMJ, "Temporomandibular joints", "PX", (), ""),
    Procedure(Category.OTHER, "X-ray", "OT", (), ""),
)
PROCEDURES: Mapping[Category, Procedure] = MappingProxyType({row.category: row for row in _ROWS})
"""What each category is scheduled as, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Template:
    """Several steps that are scheduled together as one requested procedure."""

    name: str
    description: str
    categories: tuple[Category, ...]
    source: str


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        row.name: row
        for row in (
            Template(
                "initial-orthodontic-records",
                "Initial orthodontic records",
                (Category.PANORAMIC, Category.CEPHALOMETRIC_LATERAL, Category.CEPHALOMETRIC_PA),
                "IHE DENT-OIP: an initial visit is one PX and two DX steps, PA and lateral",
            ),
        )
    }
)
"""By name."""
