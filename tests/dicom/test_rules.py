"""Every rule, one image that meets it: what it is taken for, and how surely."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from pydicom import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    MRImageStorage,
    RawDataStorage,
    SecondaryCaptureImageStorage,
    VLPhotographicImageStorage,
    XRay3DCraniofacialImageStorage,
)

from porion.dicom.category import Category
from porion.dicom.classify import Verdict, classify
from porion.dicom.header import read_header
from porion.dicom.rules import CAP, CONE_BEAM_MAKERS, GATES, GENERAL_CT_MAKERS, RULES, Rule
from tests.builders import a_cbct_slice, a_lateral_ceph, a_panoramic, an_intra_oral, data_set, file_bytes

ALL_RULES = (*GATES, CAP, *RULES)


class Case(NamedTuple):
    """An image, the rule that it must fire, and the verdict between two confidences."""

    rule: str
    made: Dataset
    category: Category | None
    least: float
    most: float


def a_plain_dx(**overrides: Any) -> Dataset:
    """A radiograph that says nothing but its Modality."""
    silent = {
        "PositionerType": None,
        "ViewPosition": None,
        "PatientOrientation": None,
        "SeriesDescription": None,
        "ImagerPixelSpacing": None,
        "Columns": 8,
    }
    return a_lateral_ceph(**{**silent, **overrides})


def a_medical_ct(**overrides: Any) -> Dataset:
    """A slice of a spiral CT."""
    general = {"Manufacturer": "SIEMENS", "ManufacturerModelName": "Sensation 64", "SliceThickness": "0.75"}
    return a_cbct_slice(
        1, **{**general, "SeriesDescription": "Dentascan", "XRayTubeCurrent": 81, **overrides}
    )


def a_nameless_ct(**overrides: Any) -> Dataset:
    """A slice of an unknown unit."""
    return a_cbct_slice(
        1, **{"Manufacturer": "X", "ManufacturerModelName": "Y", "SeriesDescription": "", **overrides}
    )


def a_capture(**overrides: Any) -> Dataset:
    """A secondary capture."""
    return a_plain_dx(**{"SOPClassUID": SecondaryCaptureImageStorage, "Modality": "OT", **overrides})


def coded(value: str, meaning: str = "", scheme: str = "SCT", **more: Any) -> list[Dataset]:
    """A sequence of one code."""
    return [data_set(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning, **more)]


def teeth(*codes: str) -> list[Dataset]:
    """A tooth list in SNOMED RT."""
    return [item for code in codes for item in coded(f"T-54{code}", scheme="SRT")]


SPECIES: dict[str, Any] = {"PatientSpeciesDescription": "Canis lupus familiaris"}
NO_MATRIX = data_set(SOPClassUID=ComputedRadiographyImageStorage, SOPInstanceUID="1.2.3", Modality="CR")
RAW = data_set(SOPClassUID=RawDataStorage, SOPInstanceUID="1.2.3", Modality="CT")
ARCH = coded("T-11180", "Mandible", "SRT")
CANINE = coded(
    "T-11180", "Mandible", "SRT", AnatomicRegionModifierSequence=coded("699510004", "Canine region")
)
OCCLUSAL_FILM: dict[str, Any] = {
    "AnatomicRegionSequence": ARCH,
    "ImageLaterality": "B",
    "Rows": 60,
    "Columns": 80,
}
MILLIMETRE: dict[str, Any] = {"ImagerPixelSpacing": ["1", "1"]}
JAW = {"AnatomicRegionSequence": coded("T-D1213", "Jaw region", "SRT"), "PatientOrientation": ["L", "F"]}
REFORMAT = {"SeriesDescription": "Panoramic", "ImageType": ["DERIVED", "SECONDARY"]}
SMALL_FIELD = {"XRayTubeCurrent": 5, "DataCollectionDiameter": "160"}

PAN, LAT, FRONT = Category.PANORAMIC, Category.CEPHALOMETRIC_LATERAL, Category.CEPHALOMETRIC_PA
PERI, BITE, OCC = Category.PERIAPICAL, Category.BITEWING, Category.OCCLUSAL
CBCT, HAND, TMJ, OTHER = Category.CBCT, Category.HAND_WRIST, Category.TMJ, Category.OTHER

CASES = (
    Case("G1M", NO_MATRIX, None, 0.5, 0.69),
    Case("G1", RAW, None, 0.9, 1),
    Case("G2", a_lateral_ceph(SOPClassUID=VLPhotographicImageStorage, Modality="XC"), OTHER, 0.97, 0.97),
    Case("G2", a_lateral_ceph(Modality="XC"), OTHER, 0.97, 0.97),
    Case("G3", a_capture(ProtocolName="PANORAMIC", ConversionType="WSD"), PAN, 0.6, 0.6),
    Case("G4V", a_panoramic(**SPECIES), OTHER, 0.9, 0.9),
    Case("G4", a_plain_dx(BodyPartExamined="CHEST", ViewPosition="PA"), OTHER, 0.9, 0.9),
    Case("G5", a_panoramic(SOPClassUID=MRImageStorage, Modality="MR"), OTHER, 0.95, 0.95),
    Case("P1", a_panoramic(ProtocolName=None), PAN, 0.95, 0.95),
    Case("P2", a_plain_dx(PositionerType="PANORAMIC"), PAN, 0.95, 0.95),
    Case("P3", a_plain_dx(ProtocolName="Orthopantomogramm"), PAN, 0.92, 0.92),
    Case("P3", a_plain_dx(SeriesDescription="ОПТГ"), PAN, 0.82, 0.83),
    Case("P3", a_plain_dx(StudyDescription="OPG"), PAN, 0.55, 0.56),
    Case("P3", a_plain_dx(ManufacturerModelName="Orthopantomograph"), OTHER, 0, 0),
    Case("P4", a_plain_dx(**JAW), PAN, 0.75, 0.75),
    Case("P5", a_plain_dx(Modality="CR", StudyDescription="MODALITYLUT - TEETH"), PAN, 0.55, 0.55),
    Case("P6L", a_panoramic(ProtocolName="CEPH LATERAL"), LAT, 0.7, 0.7),
    Case("P6F", a_panoramic(ProtocolName="CEPH PA"), FRONT, 0.7, 0.7),
    Case("P6T", a_panoramic(ProtocolName="TMJ open"), TMJ, 0.7, 0.7),
    Case("P6B", a_panoramic(ProtocolName="Extraoral Bitewing"), BITE, 0.7, 0.7),
    Case("P6S", a_panoramic(ProtocolName="SINUS"), OTHER, 0.7, 0.7),
    Case("P7", a_plain_dx(ProcedureCodeSequence=coded("89846007", "OP")), PAN, 0.8, 0.8),
    Case("P8", a_panoramic(ProtocolName=None, StudyDescription="ATM"), PAN, 0.5, 0.5),
    Case("V5", a_nameless_ct(**REFORMAT), PAN, 0.5, 0.5),
    Case("V5", a_capture(Modality="CT", **REFORMAT), PAN, 0.5, 0.5),
    Case("C1", a_plain_dx(PositionerType="CEPHALOSTAT", ViewPosition="RLD"), LAT, 0.97, 0.97),
    Case(
        "C1",
        a_plain_dx(PositionerType="CEPHALOSTAT", ViewCodeSequence=coded("R-10236", scheme="SNM3")),
        LAT,
        0.97,
        1,
    ),
    Case("C2", a_plain_dx(ProtocolName="FRS seitlich"), LAT, 0.93, 0.93),
    Case("C2", a_plain_dx(ProtocolName="CEPH", PatientOrientation=["P", "F"]), LAT, 0.93, 0.93),
    Case("C3", a_plain_dx(BodyPartExamined="SKULL", ViewPosition="LL"), LAT, 0.65, 0.65),
    Case("C4", a_plain_dx(ProtocolName="CEPH"), LAT, 0.7, 0.7),
    Case("C5", a_plain_dx(ProtocolName="CEPH PA"), FRONT, 0.95, 0.95),
    Case(
        "C5",
        a_plain_dx(PositionerType="CEPHALOSTAT", ViewCodeSequence=coded("R-10214", scheme="SNM3")),
        FRONT,
        0.95,
        1,
    ),
    Case(
        "C6",
        a_plain_dx(BodyPartExamined="HEAD", ViewPosition="AP", PatientOrientation=["R", "F"]),
        FRONT,
        0.55,
        0.55,
    ),
    Case("C7", a_plain_dx(PositionerType="CEPHALOSTAT"), LAT, 0.6, 0.6),
    Case("C8", a_plain_dx(PositionerType="CEPHALOSTAT", PatientOrientation=["L", "F"]), FRONT, 0.6, 0.6),
    Case("A1", an_intra_oral(ProtocolName="Periapical"), PERI, 0.92, 0.92),
    Case("A2", an_intra_oral(PrimaryAnatomicStructureSequence=teeth("400", "410")), PERI, 0.85, 0.85),
    Case("A3", an_intra_oral(AnatomicRegionSequence=CANINE), PERI, 0.75, 0.75),
    Case("A4", an_intra_oral(), PERI, 0.55, 0.55),
    Case("A4", a_plain_dx(SeriesDescription="RVG"), PERI, 0.55, 0.55),
    Case("B1", an_intra_oral(SeriesDescription="Bissflügel rechts"), BITE, 0.85, 0.86),
    Case("B2", an_intra_oral(PrimaryAnatomicStructureSequence=teeth("340", "390")), BITE, 0.85, 0.85),
    Case("O1", an_intra_oral(ViewCodeSequence=coded("260499007")), OCC, 0.93, 0.93),
    Case("O1", an_intra_oral(ProtocolName="Maxilla occlusal"), OCC, 0.93, 0.93),
    Case("O2", an_intra_oral(**OCCLUSAL_FILM, **MILLIMETRE), OCC, 0.65, 0.65),
    Case("V1", a_cbct_slice(1, SOPClassUID=XRay3DCraniofacialImageStorage), CBCT, 0.99, 1),
    Case("V2", a_nameless_ct(SeriesDescription="DVT"), CBCT, 0.83, 0.84),
    Case("V2M", a_cbct_slice(1, SeriesDescription=""), CBCT, 0.93, 0.93),
    Case("V3", a_nameless_ct(**SMALL_FIELD), CBCT, 0.7, 0.7),
    Case("V4", a_medical_ct(), OTHER, 0.8, 0.8),
    Case("H1", a_plain_dx(BodyPartExamined="HAND_WRIST"), HAND, 0.93, 0.93),
    Case("H1", a_lateral_ceph(SeriesDescription="Carpus"), HAND, 0.83, 0.84),
    Case("H1", a_plain_dx(AnatomicRegionSequence=coded("T-15460", scheme="SRT")), HAND, 0.93, 0.93),
    Case("T1", a_plain_dx(BodyPartExamined="TMJ"), TMJ, 0.92, 0.92),
    Case("T2", a_cbct_slice(1, ProtocolName="TMJ"), CBCT, 0.93, 1),
    Case("E1", a_plain_dx(ProtocolName="Waters", BodyPartExamined="SKULL"), OTHER, 0.8, 0.8),
)


def verdict(made: Dataset) -> Verdict:
    return classify(read_header(file_bytes(made)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_an_image_that_meets_a_rule_is_taken_for_its_category(case: Case) -> None:
    found = verdict(case.made)
    assert found.category is case.category
    assert case.least <= found.confidence <= case.most
    assert found.needs_review is (found.confidence < 0.7)
    fired = {evidence.rule for evidence in found.evidence}
    assert case.rule in fired or found.confidence == 0


def test_every_rule_has_an_image_that_meets_it() -> None:
    assert {rule.id for rule in ALL_RULES} == {case.rule for case in CASES}


def test_no_two_rules_share_an_id() -> None:
    ids = [rule.id for rule in ALL_RULES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_source_and_a_weight_below_certainty(rule: Rule) -> None:
    assert rule.source.strip()
    assert 0 < rule.weight < 1


def test_every_category_has_a_rule() -> None:
    assert {rule.category for rule in RULES} == set(Category)


def test_rules_of_last_resort_are_never_sure() -> None:
    assert {rule.id for rule in RULES if rule.last_resort} == {"A4", "P5", "P8"}
    assert all(rule.weight < 0.7 for rule in RULES if rule.last_resort)


@pytest.mark.parametrize("row", [*CONE_BEAM_MAKERS, *GENERAL_CT_MAKERS], ids=lambda row: row.pattern[:20])
def test_every_row_of_makers_compiles_and_has_a_source(row: Any) -> None:
    assert re.compile(row.pattern).search("") is None
    assert row.source.strip()


def test_the_makers_of_cone_beam_units_make_no_spiral_ct() -> None:
    cone_beam = re.compile("|".join(row.pattern for row in CONE_BEAM_MAKERS))
    general = re.compile("|".join(row.pattern for row in GENERAL_CT_MAKERS))
    for maker in ("planmeca promax", "imaging sciences international", "dentsply sirona", "vatech company"):
        assert cone_beam.search(maker)
        assert not general.search(maker)
    for maker in ("siemens", "ge medical systems", "philips medical systems"):
        assert general.search(maker)
        assert not cone_beam.search(maker)
