"""What an object is: weighing, doubts, corrections and real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import EncapsulatedPDFStorage, SecondaryCaptureImageStorage

from porion.dicom.classify import Category, Kind, Verdict, classify, device_protocol_key, propose
from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.header import read_header
from porion.dicom.keywords import KEYWORDS
from tests.builders import (
    a_cbct_series,
    a_lateral_ceph,
    a_panoramic,
    an_enhanced_ct,
    an_intra_oral,
    data_set,
    file_bytes,
)

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

TEXT_KEYWORDS = (
    "Modality",
    "ProtocolName",
    "SeriesDescription",
    "StudyDescription",
    "RequestedProcedureDescription",
    "PerformedProcedureStepDescription",
    "ImageComments",
    "ManufacturerModelName",
    "StationName",
    "BodyPartExamined",
    "ViewPosition",
    "PositionerType",
    "PatientOrientation",
    "ImageType",
)


def of(made: Any, correction: Category | None = None) -> Verdict:
    return classify(read_header(file_bytes(made)), correction)


def a_header(**values: str) -> Header:
    """A small radiograph with any texts, valid or not."""
    texts = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", **values}
    elements = {tag_of(k): Element(tag_of(k), "LO", tuple(v.split("\\"))) for k, v in texts.items()}
    sides = {tag_of(k): Element(tag_of(k), "US", (n,)) for k, n in (("Rows", 100), ("Columns", 180))}
    return Header(Elements({**elements, **sides}), Elements(), "1.2.840.10008.1.2.1", 0, 0, habits=NO_HABITS)


@pytest.mark.parametrize(
    ("made", "category", "modality"),
    [
        (a_panoramic(), Category.PANORAMIC, "OPG"),
        (a_lateral_ceph(), Category.CEPHALOMETRIC_LATERAL, "CEPH"),
        (an_enhanced_ct(), Category.CBCT, "CBCT"),
    ],
)
def test_well_described_images_are_settled_at_once(made: Any, category: Category, modality: str) -> None:
    verdict = of(made)
    assert (verdict.category, verdict.modality, verdict.needs_review) == (category, modality, False)
    assert verdict.ranking[0] == (category, verdict.confidence)
    assert verdict.evidence


def test_an_intra_oral_image_that_says_nothing_is_for_a_person_to_settle() -> None:
    verdict = of(an_intra_oral())
    assert (verdict.category, verdict.confidence, verdict.needs_review) == (Category.PERIAPICAL, 0.55, True)


def test_all_slices_of_a_volume_get_the_same_verdict() -> None:
    verdicts = {of(made) for made in a_cbct_series(30)}
    assert [verdict.category for verdict in verdicts] == [Category.CBCT]


def test_a_model_name_does_not_outvote_the_protocol() -> None:
    verdict = of(a_panoramic(ManufacturerModelName="OPT_EL_CEPH", Modality="DX", ProtocolName="PANORAMIC"))
    assert (verdict.category, verdict.needs_review) == (Category.PANORAMIC, False)


def test_a_model_name_alone_settles_nothing() -> None:
    verdict = classify(a_header(ManufacturerModelName="CEPH 3000", Modality="DX"))
    assert (verdict.category, verdict.confidence, verdict.needs_review) == (Category.OTHER, 0.0, True)
    assert verdict.ranking[0][0] is Category.CEPHALOMETRIC_LATERAL


@pytest.mark.parametrize("text", ["PA", "pa left", "P.A."])
def test_pa_alone_is_never_periapical(text: str) -> None:
    verdict = classify(a_header(ProtocolName=text, SeriesDescription=text, Modality="DX"))
    assert Category.PERIAPICAL not in dict(verdict.ranking)


# What devices and people write: protocol, series, study description, and what the image shows.
DESCRIBED = (
    ("DX", "P1 Pan Adult", "", "", Category.PANORAMIC),
    ("CR", "", "Panoramaschichtaufnahme", "", Category.PANORAMIC),
    ("DX", "", "Ortopantomografía", "", Category.PANORAMIC),
    ("DX", "", "Обзорный снимок (ОПТГ)", "", Category.PANORAMIC),
    ("DX", "", "口腔全景片", "", Category.PANORAMIC),
    ("DX", "Lat. Ceph 18x24", "", "Initial records", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "Fernröntgenseitenbild", "KFO Anfangsunterlagen", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "Téléradiographie de profil", "", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "Telerradiografía lateral, cefalometría", "", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "Teleradiografia latero-laterale", "", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "ТРГ в боковой проекции", "", Category.CEPHALOMETRIC_LATERAL),
    ("DX", "", "头颅侧位片", "", Category.CEPHALOMETRIC_LATERAL),
    ("CR", "Ceph PA", "", "", Category.CEPHALOMETRIC_PA),
    ("DX", "", "Téléradiographie de face", "", Category.CEPHALOMETRIC_PA),
    ("DX", "", "ТРГ прямая", "", Category.CEPHALOMETRIC_PA),
    ("IO", "", "Rétro-alvéolaire 36", "", Category.PERIAPICAL),
    ("IO", "", "Zahnfilm 11", "", Category.PERIAPICAL),
    ("IO", "", "根尖片", "", Category.PERIAPICAL),
    ("IO", "", "Bite-wing R", "FMX", Category.BITEWING),
    ("IO", "", "Rétrocoronaire", "", Category.BITEWING),
    ("IO", "", "Aufbissaufnahme OK", "", Category.OCCLUSAL),
    ("DX", "Hand PA", "", "", Category.HAND_WRIST),
    ("DX", "", "Handwurzelaufnahme", "", Category.HAND_WRIST),
    ("CR", "", "Radiographie main gauche, poignet", "Âge osseux", Category.HAND_WRIST),
    ("DX", "", "Кисть левая", "", Category.HAND_WRIST),
    ("DX", "", "Kiefergelenk beidseits", "", Category.TMJ),
    ("PX", "TMJ lateral 2x2", "", "", Category.TMJ),
    ("DX", "Waters", "", "", Category.OTHER),
    ("CR", "Chest PA", "", "", Category.OTHER),
)


@pytest.mark.parametrize(("modality", "protocol", "series", "study", "category"), DESCRIBED)
def test_descriptions_in_many_languages_settle_the_category(
    modality: str, protocol: str, series: str, study: str, category: Category
) -> None:
    header = a_header(
        Modality=modality, ProtocolName=protocol, SeriesDescription=series, StudyDescription=study
    )
    verdict = classify(header)
    assert (verdict.category, verdict.needs_review) == (category, False)


@pytest.mark.parametrize(
    ("modality", "study", "first"),
    [
        ("DX", "OPG", Category.PANORAMIC),
        ("CR", "Zähne", Category.PANORAMIC),
        ("DX", "Lateral cephalogram", Category.CEPHALOMETRIC_LATERAL),
        ("DX", "Bone age", Category.HAND_WRIST),
        ("PX", "ATM", Category.PANORAMIC),
        ("IO", "Control", Category.PERIAPICAL),
    ],
)
def test_a_study_description_alone_proposes_and_asks(modality: str, study: str, first: Category) -> None:
    verdict = classify(a_header(Modality=modality, StudyDescription=study))
    assert (verdict.ranking[0][0], verdict.needs_review) == (first, True)


def test_agreeing_evidence_adds_up() -> None:
    verdict = classify(a_header(Modality="DX", ProtocolName="Panoramic", PositionerType="PANORAMIC"))
    assert verdict.confidence == pytest.approx(1 - (1 - 0.95) * (1 - 0.92))


@pytest.mark.parametrize(
    ("values", "first", "confidence"),
    [
        ({"PositionerType": "PANORAMIC", "ProtocolName": "Bitewing"}, Category.BITEWING, 0.95),
        ({"PositionerType": "PANORAMIC", "SeriesDescription": "Knee"}, Category.PANORAMIC, 0.65),
        ({"ProtocolName": "CEPH PA LATERAL"}, Category.CEPHALOMETRIC_PA, 0.65),
        ({"ProtocolName": "PANORAMIC TMJ", "Modality": "PX"}, Category.PANORAMIC, 0.62),
        ({"ProtocolName": "Panoramic", "SeriesDescription": "Periapical"}, Category.PANORAMIC, 0.62),
        ({"BodyPartExamined": "CHEST", "ProtocolName": "PANORAMIC"}, Category.PANORAMIC, 0.62),
    ],
)
def test_a_contradiction_lowers_confidence_by_three_tenths(
    values: dict[str, str], first: Category, confidence: float
) -> None:
    verdict = classify(a_header(**{"Modality": "DX", **values}))
    assert (verdict.category, verdict.confidence) == (first, confidence)
    assert verdict.needs_review is (confidence < 0.7)


def test_an_order_of_several_images_contradicts_none_of_them() -> None:
    order: dict[str, Any] = {
        "StudyDescription": "OPG + FRS",
        "RequestedProcedureDescription": "Panoramic and lateral ceph",
    }
    assert of(a_panoramic(ProtocolName=None, **order)).needs_review is False
    assert of(a_panoramic(ProtocolName=None, **order)).category is Category.PANORAMIC
    assert of(a_lateral_ceph(**order)).category is Category.CEPHALOMETRIC_LATERAL
    assert of(a_lateral_ceph(**order)).needs_review is False


def test_a_cephalogram_may_be_sent_as_px() -> None:
    verdict = of(a_lateral_ceph(Modality="PX"))
    assert (verdict.category, verdict.needs_review) == (Category.CEPHALOMETRIC_LATERAL, False)


def test_a_modality_that_is_no_defined_term_is_read_as_a_word() -> None:
    assert classify(a_header(Modality="OPG")).category is Category.PANORAMIC
    assert classify(a_header(Modality="CEPH")).category is Category.CEPHALOMETRIC_LATERAL


def test_a_screen_shot_of_a_slice_is_no_volume() -> None:
    capture = {"SOPClassUID": SecondaryCaptureImageStorage, "ImageType": "ORIGINAL\\PRIMARY\\AXIAL"}
    verdict = classify(a_header(**capture, ConversionType="WSD", Modality="OT", SeriesDescription="CBCT"))
    assert verdict.kind is Kind.SECONDARY_CAPTURE
    assert (verdict.category, verdict.needs_review) == (Category.OTHER, True)
    assert [evidence.rule for evidence in verdict.evidence] == ["G3"]


def test_a_document_has_no_category() -> None:
    made = data_set(SOPClassUID=EncapsulatedPDFStorage, SOPInstanceUID="1.2.3", SeriesDescription="PANORAMIC")
    verdict = of(made)
    assert (verdict.kind, verdict.category, verdict.modality, verdict.ranking) == (
        Kind.DOCUMENT,
        None,
        None,
        (),
    )
    assert verdict.needs_review is False


def test_evidence_shows_rule_values_and_source() -> None:
    evidence = {found.rule: found for found in of(a_panoramic()).evidence}
    assert evidence["P3"].values == ("ProtocolName=PANORAMIC",)
    assert evidence["P1"].values == ("Modality=PX",)
    assert all(found.source for found in evidence.values())


def test_a_correction_is_put_first_and_a_person_still_looks() -> None:
    verdict = of(a_panoramic(), Category.TMJ)
    assert (verdict.category, verdict.needs_review) == (Category.TMJ, True)
    assert [category for category, _ in verdict.ranking] == [Category.TMJ, Category.PANORAMIC]
    assert verdict.confidence < 0.7
    assert verdict.evidence[-1].rule == "R1"


def test_a_correction_that_agrees_still_asks() -> None:
    verdict = of(a_panoramic(), Category.PANORAMIC)
    assert (verdict.category, verdict.needs_review) == (Category.PANORAMIC, True)
    assert verdict.confidence > of(a_panoramic()).confidence


def test_a_correction_says_nothing_of_a_report() -> None:
    made = data_set(SOPClassUID=EncapsulatedPDFStorage, SOPInstanceUID="1.2.3")
    assert of(made, Category.PANORAMIC) == of(made)


@pytest.mark.parametrize("made", [a_panoramic(), an_intra_oral(), a_lateral_ceph(Modality="XC")])
def test_a_correction_may_come_after_the_verdict(made: Any) -> None:
    assert propose(of(made), Category.BITEWING) == of(made, Category.BITEWING)


def test_a_correction_lifts_no_screen_shot_above_its_limit() -> None:
    capture = a_header(
        SOPClassUID=SecondaryCaptureImageStorage, ConversionType="WSD", ProtocolName="PANORAMIC"
    )
    assert classify(capture, Category.PANORAMIC).confidence == 0.6


def test_images_of_one_device_and_protocol_share_a_key() -> None:
    one = read_header(file_bytes(a_panoramic(1, PatientID="A", StudyDate="20200101")))
    two = read_header(
        file_bytes(a_panoramic(2, ProtocolName="Panoramic ", Manufacturer="SYNTHETIC  DEVICES"))
    )
    assert device_protocol_key(one) == device_protocol_key(two) == "synthetic devices|syn-1|4711|px|panoramic"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "||||"),
        ({"StationName": "ROOM1", "SeriesDescription": "Pan 2"}, "||room1||pan 2"),
        ({"StationName": "ROOM1", "DeviceSerialNumber": "7"}, "||7||"),
        ({"Manufacturer": "A|B", "ProtocolName": "C"}, "a/b||||c"),
    ],
)
def test_what_is_missing_leaves_its_place_empty(values: dict[str, str], key: str) -> None:
    assert device_protocol_key(a_header(**values)) == key


def real(name: str) -> Verdict:
    return classify(read_header((DATA / name).read_bytes()))


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
class TestRealFiles:
    """Files of real devices, judged by eye."""

    def test_the_newtom_panoramic_is_settled(self) -> None:
        verdict = real("dental/PX-Im-NewTom_Go.dcm")
        assert (verdict.category, verdict.modality, verdict.needs_review) == (
            Category.PANORAMIC,
            "OPG",
            False,
        )

    def test_the_cassette_panoramic_is_proposed(self) -> None:
        verdict = real("dental/CR-ModalitySequenceLUT.dcm")
        assert (verdict.ranking[0][0], verdict.needs_review) == (Category.PANORAMIC, True)

    @pytest.mark.parametrize("name", ["traps/dentascan-ct-slice.dcm", "traps/profile-drawing.dcm"])
    def test_traps_are_other(self, name: str) -> None:
        assert (real(name).category, real(name).modality) == (Category.OTHER, "OTHER")

    def test_the_profile_drawing_is_a_photograph_and_no_cephalogram(self) -> None:
        verdict = real("traps/profile-drawing.dcm")
        assert verdict.kind is Kind.PHOTOGRAPH
        assert [category for category, _ in verdict.ranking] == [Category.OTHER]

    def test_dose_reports_are_dose_reports(self) -> None:
        verdicts = [real(str(path.relative_to(DATA))) for path in sorted((DATA / "dose").glob("*RDSR*.dcm"))]
        assert verdicts
        assert {(verdict.kind, verdict.category) for verdict in verdicts} == {(Kind.DOSE_REPORT, None)}

    def test_another_report_is_a_report(self) -> None:
        verdict = real("dose/ESR_non-dose.dcm")
        assert (verdict.kind, verdict.category, verdict.needs_review) == (Kind.REPORT, None, False)

    def test_medical_radiographs_are_never_surely_dental(self) -> None:
        verdicts = [real(str(path.relative_to(DATA))) for path in sorted((DATA / "dose").glob("DX-Im-*.dcm"))]
        assert verdicts
        assert all(verdict.category is Category.OTHER or verdict.needs_review for verdict in verdicts)


WORDS = st.sampled_from([word.replace("*", "") for row in KEYWORDS for word in row.listed])
CODES = st.sampled_from(
    ["PX", "DX", "CR", "CT", "IO", "OT", "CEPHALOSTAT", "PANORAMIC", "LL", "AP", "A\\F", "L\\F"]
)
TEXTS = st.dictionaries(
    st.sampled_from(TEXT_KEYWORDS), st.text(max_size=20) | CODES | st.lists(WORDS, max_size=3).map(" ".join)
)


@given(TEXTS, st.none() | st.sampled_from(Category))
def test_any_texts_give_a_verdict_with_its_reasons(
    values: dict[str, str], correction: Category | None
) -> None:
    verdict = classify(a_header(**values), correction)
    assert 0 <= verdict.confidence <= 1
    assert verdict.evidence or verdict.confidence < 0.7
    assert verdict.needs_review or verdict.confidence >= 0.7
    assert all(0 <= score <= 1 for _, score in verdict.ranking)
    assert len(dict(verdict.ranking)) == len(verdict.ranking)


NUMBERS = st.dictionaries(
    st.sampled_from(
        [
            "Rows",
            "Columns",
            "SamplesPerPixel",
            "KVP",
            "XRayTubeCurrent",
            "DataCollectionDiameter",
            "SliceThickness",
            "PixelSpacing",
            "ImagerPixelSpacing",
        ]
    ),
    st.lists(
        st.sampled_from(["0", "-1", "1E300", "1E-300", "NaN", "Infinity", "", "0.3", "120"])
        | st.text(max_size=8),
        max_size=3,
    ),
)


@given(NUMBERS, st.sampled_from(["CT", "CR", "IO", "DX"]), st.sampled_from(["MAXILLA", "TEETH", "HEAD"]))
def test_any_numbers_give_a_verdict(numbers: dict[str, list[str]], modality: str, part: str) -> None:
    made = a_header(Modality=modality, BodyPartExamined=part, ImageLaterality="B", Manufacturer="SIEMENS")
    odd = {tag_of(k): Element(tag_of(k), "DS", tuple(values)) for k, values in numbers.items()}
    verdict = classify(
        Header(Elements({**made.data_set, **odd}), Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS)
    )
    assert 0 <= verdict.confidence <= 1


@given(TEXTS)
def test_the_best_candidate_leads_the_ranking(values: dict[str, str]) -> None:
    scores = [score for _, score in classify(a_header(**values)).ranking]
    assert scores == sorted(scores, reverse=True)


@given(TEXTS, st.randoms())
def test_the_order_of_the_attributes_does_not_matter(values: dict[str, str], random: Any) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert classify(a_header(**dict(shuffled))) == classify(a_header(**values))


@given(st.lists(WORDS, min_size=2, max_size=5), st.randoms())
def test_the_order_of_words_in_a_text_does_not_matter(words: list[str], random: Any) -> None:
    shuffled = random.sample(words, len(words))
    one, other = (classify(a_header(ProtocolName=" / ".join(w), Modality="DX")) for w in (words, shuffled))
    assert (one.category, one.confidence, one.ranking) == (other.category, other.confidence, other.ranking)
