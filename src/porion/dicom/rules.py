"""The rules of classification as tables: gates that settle what an object is not, then evidence by category.

A rule's weight is how often an image that meets the condition is of the category, judged from the
source. Weights of agreeing rules are combined in ``verdict.py``; nothing here is decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.uid import XRay3DCraniofacialImageStorage

from porion.dicom.category import IMAGE_KINDS, Category, Kind
from porion.dicom.codes import TOOTH_REGIONS, Concept
from porion.dicom.conditions import (
    Condition,
    all_of,
    any_of,
    aspect_at_least,
    has_cone_beam_technique,
    image_type,
    is_animal,
    is_anisotropic,
    is_bilateral,
    is_ct,
    is_frontal,
    is_frontal_view,
    is_in_one_arch,
    is_intra_oral,
    is_isotropic,
    is_lateral,
    is_lateral_view,
    is_not_spiral,
    is_occlusal_size,
    is_projection,
    is_screen_or_derived,
    keyword,
    kind,
    lacks_matrix,
    lists_one_to_five_teeth,
    lists_opposing_posterior_teeth,
    made_by,
    modality,
    orientation,
    outranks_panoramic,
    positioner,
    protocol_code,
    region,
    shows_hand,
    shows_skull_view,
    shows_tmj,
    sop_class,
    tube_current_at_least,
    unless,
    view_code,
    wherever,
)
from porion.dicom.keywords import Topic
from porion.dicom.verdict import CAP_RULE


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what is asked, which category it speaks for (None: no image) and how strongly (0..1).

    A rule of last resort is asked only when no other rule is sure of more than a half.
    """

    id: str
    condition: Condition
    category: Category | None
    weight: float
    source: str
    last_resort: bool = False


@dataclass(frozen=True, slots=True)
class Makers:
    """Names of makers and models (folded, as a regular expression) and how they are known."""

    pattern: str
    source: str


_TRADE = "makers of the trade, not confirmed in a file"

CONE_BEAM_MAKERS: tuple[Makers, ...] = (
    Makers(r"imaging sciences|\bi cat\b", "header of an i-CAT slice"),
    Makers(r"newtom|\bnnt\b|myray|cefla|hyperion|\bqr srl\b", "NewTom GO"),
    Makers(r"planmeca|promax|romexis", "Planmeca ProMax 3D Mid in a header script"),
    Makers(r"morita|accuitomo|veraview", "Morita Accuitomo 170 in a header script"),
    Makers(r"\bkavo\b|\bdexis\b|gendex|nobel biocare", "DEXIS conformance statements"),
    Makers(r"sirona|orthophos|galileos|axeos", "Sidexis conformance statement"),
    Makers(r"carestream dental|kodak dental|trophy", _TRADE),
    Makers(
        r"vatech|\bpax i|green ct|soredex|scanora|cranex|instrumentarium dental|orthopantomograph", _TRADE
    ),
    Makers(r"prexion|genoray|papaya|rayscan|acteon|\bx mind\b|owandy|asahi roentgen|yoshida dental", _TRADE),
    Makers(r"trident|largev|pointnix|\bhdx\b|\bfona\b|durr dental|meyer dental", _TRADE),
)
GENERAL_CT_MAKERS: tuple[Makers, ...] = (
    Makers(r"\bsiemens\b", "Siemens Sensation 64: a medical Dentascan"),
    Makers(
        r"\bge medical\b|\bge healthcare\b|\bphilips\b|\btoshiba\b|\bcanon medical\b"
        r"|\bhitachi\b|\bneusoft\b|united imaging",
        "makers of spiral CT",
    ),
)

_cone_beam_maker = made_by("|".join(row.pattern for row in CONE_BEAM_MAKERS))
_general_ct_maker = made_by("|".join(row.pattern for row in GENERAL_CT_MAKERS))

_flat = unless(is_ct)
_not_px = unless(modality("PX"))
_cephalostat = positioner("CEPHALOSTAT")
_head = region(Concept.HEAD, Concept.HEAD_AND_NECK, Concept.SKULL, Concept.FACIAL_BONES)
_teeth_or_jaw = region(Concept.JAW, Concept.TEETH_AND_GUMS, Concept.TOOTH, Concept.MANDIBLE, Concept.MAXILLA)
_other_anatomy = any_of(keyword(Topic.CERVICAL), keyword(Topic.ELSEWHERE), shows_skull_view)
_contrary_to_panoramic = any_of(
    *(
        outranks_panoramic(topic)
        for topic in (
            Topic.CEPH,
            Topic.TMJ,
            Topic.SKULL_VIEW,
            Topic.BITEWING,
            Topic.PERIAPICAL,
            Topic.OCCLUSAL,
            Topic.HAND_WRIST,
        )
    ),
    _cephalostat,
)
_named_ceph = all_of(keyword(Topic.CEPH), _flat, _not_px, unless(shows_hand))
_on_cephalostat = all_of(_cephalostat, _flat, unless(shows_hand, shows_tmj))
_reformat = any_of(
    all_of(is_ct, keyword(Topic.PANORAMIC, 0.5), image_type("DERIVED")),
    all_of(kind(Kind.SECONDARY_CAPTURE), modality("CT"), keyword(Topic.PANORAMIC, 0.5)),
)
_volume = all_of(is_ct, unless(_reformat))

# The first gate that holds settles the matter. PS3.3 C.7.3.1.1.1 lists the modalities.
GATES: tuple[Rule, ...] = (
    Rule("G1M", lacks_matrix, None, 0.6, "an image SOP class without Rows and Columns (PS3.3 C.7.6.3)"),
    Rule("G1", kind(*(set(Kind) - IMAGE_KINDS)), None, 0.99, "PS3.4 annex B.5: not an image SOP class"),
    Rule(
        "G2", kind(Kind.PHOTOGRAPH), Category.OTHER, 0.97, "photograph of a profile with a lateral view code"
    ),
    Rule("G4V", is_animal, Category.OTHER, 0.9, "PS3.3 C.7.1.1: a patient of another species"),
    Rule(
        "G5",
        modality("MR", "US", "NM", "PT", "MG", "XA", "RF", "OP", "OPT", "GM", "SM", "IVUS", "SEG", "RTDOSE"),
        Category.OTHER,
        0.95,
        "PS3.3 C.7.3.1.1.1: modalities without dental use",
    ),
)

# A picture of a picture never counts for more than the weight of this rule.
CAP = Rule(
    CAP_RULE,
    all_of(kind(Kind.SECONDARY_CAPTURE), is_screen_or_derived),
    None,
    0.6,
    "viewer export of an i-CAT slice: Secondary Capture that claims ORIGINAL\\PRIMARY\\AXIAL",
)

_PANORAMIC_RULES = (
    Rule(
        "P1",
        all_of(modality("PX"), unless(_contrary_to_panoramic)),
        Category.PANORAMIC,
        0.95,
        "PS3.3 C.7.3.1.1.1; NewTom GO",
    ),
    Rule(
        "P2",
        all_of(positioner("PANORAMIC"), _flat, unless(_contrary_to_panoramic)),
        Category.PANORAMIC,
        0.95,
        "PS3.3 C.8.11.5 Positioner Type",
    ),
    Rule(
        "P3",
        all_of(keyword(Topic.PANORAMIC), _flat, unless(_reformat)),
        Category.PANORAMIC,
        0.92,
        "NewTom GO: ProtocolName PANORAMIC",
    ),
    Rule(
        "P4",
        all_of(is_projection, _teeth_or_jaw, orientation("L", "R"), aspect_at_least(1.6)),
        Category.PANORAMIC,
        0.75,
        "PS3.16 CID 4016; NewTom GO: jaw region, rows to the left, 1.7 times wider than high",
    ),
    Rule(
        "P5",
        all_of(
            is_projection,
            wherever(any_of(keyword(Topic.DENTAL, 0.5), _teeth_or_jaw)),
            aspect_at_least(1.2),
            unless(_contrary_to_panoramic, is_lateral),
        ),
        Category.PANORAMIC,
        0.55,
        "fo-dicom CR-ModalitySequenceLUT: a cassette panoramic that says only TEETH",
        last_resort=True,
    ),
    Rule(
        "P7",
        all_of(protocol_code(Concept.ORTHOPANTOMOGRAPHY), _flat, unless(_contrary_to_panoramic)),
        Category.PANORAMIC,
        0.8,
        "IHE DENT-OIP: protocol code of the panoramic step",
    ),
    Rule(
        "P8",
        modality("PX"),
        Category.PANORAMIC,
        0.5,
        "PS3.3 C.7.3.1.1.1: a panoramic unit, whatever else the order says",
        last_resort=True,
    ),
    Rule(
        "V5", wherever(_reformat), Category.PANORAMIC, 0.5, "panoramic reformats that volume viewers export"
    ),
)

_PX = "panoramic units name their other programs under Modality PX"

_PX_PROGRAM_RULES = (
    Rule(
        "P6L",
        all_of(modality("PX"), outranks_panoramic(Topic.CEPH), unless(is_frontal)),
        Category.CEPHALOMETRIC_LATERAL,
        0.7,
        _PX,
    ),
    Rule(
        "P6F",
        all_of(modality("PX"), outranks_panoramic(Topic.CEPH), is_frontal),
        Category.CEPHALOMETRIC_PA,
        0.7,
        _PX,
    ),
    Rule("P6T", all_of(modality("PX"), outranks_panoramic(Topic.TMJ)), Category.TMJ, 0.7, _PX),
    Rule("P6B", all_of(modality("PX"), outranks_panoramic(Topic.BITEWING)), Category.BITEWING, 0.7, _PX),
    Rule("P6S", all_of(modality("PX"), outranks_panoramic(Topic.SKULL_VIEW)), Category.OTHER, 0.7, _PX),
)

_CEPHALOMETRIC_RULES = (
    Rule(
        "C1",
        all_of(_on_cephalostat, is_lateral),
        Category.CEPHALOMETRIC_LATERAL,
        0.97,
        "PS3.3 C.8.11.5; dcm4ceph Cephalogram",
    ),
    Rule(
        "C2",
        all_of(_named_ceph, is_lateral),
        Category.CEPHALOMETRIC_LATERAL,
        0.93,
        "dcm4ceph: LATERAL CEPHALOGRAM, rows to A or P",
    ),
    Rule(
        "C3",
        all_of(is_projection, _head, is_lateral_view, unless(_other_anatomy)),
        Category.CEPHALOMETRIC_LATERAL,
        0.65,
        "PS3.16 CID 4009 and 4010: a lateral skull need not be a cephalogram",
    ),
    Rule(
        "C4",
        all_of(_named_ceph, unless(is_lateral, is_frontal, orientation("L", "R"))),
        Category.CEPHALOMETRIC_LATERAL,
        0.7,
        "most cephalograms are lateral",
    ),
    Rule(
        "C5",
        all_of(any_of(_on_cephalostat, _named_ceph), is_frontal),
        Category.CEPHALOMETRIC_PA,
        0.95,
        "dcm4ceph: POSTERO-ANTERIOR CEPHALOGRAM",
    ),
    Rule(
        "C6",
        all_of(is_projection, _head, is_frontal_view, orientation("L", "R"), unless(_other_anatomy)),
        Category.CEPHALOMETRIC_PA,
        0.55,
        "PS3.16 CID 4009 and 4010: a frontal skull need not be a cephalogram",
    ),
    Rule(
        "C7",
        all_of(_on_cephalostat, unless(is_lateral, is_frontal, orientation("L", "R"))),
        Category.CEPHALOMETRIC_LATERAL,
        0.6,
        "PS3.3 C.8.11.5; most cephalograms are lateral",
    ),
    Rule(
        "C8",
        all_of(any_of(_on_cephalostat, _named_ceph), orientation("L", "R"), unless(is_lateral, is_frontal)),
        Category.CEPHALOMETRIC_PA,
        0.6,
        "PS3.3 C.7.6.1.1.1: rows of a frontal image run to the left or right",
    ),
)

_INTRA_ORAL_RULES = (
    Rule("A1", all_of(keyword(Topic.PERIAPICAL), _flat), Category.PERIAPICAL, 0.92, "keywords.py"),
    Rule(
        "A2",
        all_of(is_intra_oral, lists_one_to_five_teeth, is_in_one_arch),
        Category.PERIAPICAL,
        0.85,
        "PS3.3 C.8.11.9: teeth of one jaw",
    ),
    Rule(
        "A3",
        all_of(
            is_intra_oral,
            region(*TOOTH_REGIONS),
            is_in_one_arch,
            unless(keyword(Topic.OCCLUSAL), view_code(Concept.OCCLUSAL)),
        ),
        Category.PERIAPICAL,
        0.75,
        "PS3.16 CID 4017: a region of one jaw",
    ),
    Rule(
        "A4",
        any_of(is_intra_oral, wherever(keyword(Topic.INTRA_ORAL, 0.5))),
        Category.PERIAPICAL,
        0.55,
        "most intra-oral images are periapical",
        last_resort=True,
    ),
    Rule("B1", all_of(keyword(Topic.BITEWING), _flat, _not_px), Category.BITEWING, 0.95, "keywords.py"),
    Rule(
        "B2",
        all_of(is_intra_oral, lists_opposing_posterior_teeth),
        Category.BITEWING,
        0.85,
        "PS3.3 C.8.11.9: opposing teeth of one side",
    ),
    Rule(
        "O1",
        all_of(
            any_of(
                view_code(Concept.OCCLUSAL),
                all_of(keyword(Topic.OCCLUSAL), unless(keyword(Topic.BITE_REGISTRATION))),
            ),
            _flat,
        ),
        Category.OCCLUSAL,
        0.93,
        "PS3.16 CID 4010",
    ),
    Rule(
        "O2",
        all_of(any_of(is_intra_oral, modality("CR")), is_occlusal_size, is_in_one_arch, is_bilateral),
        Category.OCCLUSAL,
        0.65,
        "film of size 4 is 57 by 76 mm",
    ),
)

_VOLUME_RULES = (
    Rule(
        "V1",
        sop_class(XRay3DCraniofacialImageStorage),
        Category.CBCT,
        0.99,
        "PS3.3 A.53: X-Ray 3D Craniofacial (Supplement 116)",
    ),
    Rule("V2", all_of(_volume, keyword(Topic.CBCT)), Category.CBCT, 0.93, "keywords.py"),
    Rule("V2M", all_of(_volume, _cone_beam_maker), Category.CBCT, 0.93, "makers of cone-beam units"),
    Rule(
        "V3",
        all_of(_volume, is_not_spiral, is_isotropic, has_cone_beam_technique),
        Category.CBCT,
        0.7,
        "i-CAT: cubes of 0.3 mm, 120 kV, 5 mA",
    ),
    Rule(
        "V4",
        all_of(is_ct, _general_ct_maker, any_of(tube_current_at_least(50), is_anisotropic)),
        Category.OTHER,
        0.8,
        "two medical CTs of the jaws (Dentascan, InVesalius 0051)",
    ),
)

_OTHER_RULES = (
    Rule("H1", all_of(shows_hand, _flat), Category.HAND_WRIST, 0.93, "PS3.16 CID 4009"),
    Rule("T1", all_of(shows_tmj, _flat, _not_px), Category.TMJ, 0.92, "PS3.16 CID 4028"),
    Rule("T2", all_of(_volume, shows_tmj), Category.CBCT, 0.1, "a volume of the joints is a volume"),
    Rule("E1", all_of(shows_skull_view, _flat, _not_px), Category.OTHER, 0.8, "PS3.16 CID 4012"),
    Rule(
        "G4",
        all_of(keyword(Topic.ELSEWHERE), unless(shows_hand)),
        Category.OTHER,
        0.9,
        "PS3.16 annex L; chest and abdomen in real DX files",
    ),
)

RULES: tuple[Rule, ...] = (
    *_PANORAMIC_RULES,
    *_PX_PROGRAM_RULES,
    *_CEPHALOMETRIC_RULES,
    *_INTRA_ORAL_RULES,
    *_VOLUME_RULES,
    *_OTHER_RULES,
)
