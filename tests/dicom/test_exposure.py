"""One irradiation event, its doses and where they come from, seen once or five hundred times."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.config import disable_value_validation
from pydicom.uid import (
    EncapsulatedPDFStorage,
    SecondaryCaptureImageStorage,
    VLPhotographicImageStorage,
    XRayRadiationDoseSRStorage,
)

from porion.dicom.dose_attributes import DOSE_ATTRIBUTES
from porion.dicom.elements import Element, Elements, tag_of
from porion.dicom.exposure import Exposure, merge_exposures, read_exposure
from porion.dicom.header import read_header
from tests.builders import (
    a_cbct_series,
    a_cbct_slice,
    a_lateral_ceph,
    a_panoramic,
    an_enhanced_ct,
    an_intra_oral,
    data_set,
    file_bytes,
    uid,
)

TECHNIQUE = ("dap_mgycm2", "kvp", "tube_ma", "time_ms", "mas")


def stating(area_dose: str | None) -> dict[str, Any]:
    """The attribute that states a dose-area product, in dGy.cm2."""
    return {"ImageAndFluoroscopyAreaDoseProduct": area_dose}


def technique(found: Exposure) -> tuple[Decimal | None, ...]:
    return tuple(getattr(found, quantity) for quantity in TECHNIQUE)


def maybe_exposure(made: Dataset) -> Exposure | None:
    return read_exposure(read_header(file_bytes(made)))


def exposure(made: Dataset) -> Exposure:
    found = maybe_exposure(made)
    assert found is not None
    return found


def merged(exposures: list[Exposure]) -> Exposure:
    return reduce(merge_exposures, exposures)


def why_missing(found: Exposure, quantity: str) -> str:
    return {str(missed): reason for missed, reason in found.missing}[quantity]


def with_newtom_dose(dose: str, **overrides: Any) -> Dataset:
    made = a_panoramic(**overrides)
    made.add_new(0x00190010, "LO", "NNT")
    made.add_new(0x00191029, "OB", f"DAP={dose},type=PAN".encode().ljust(24, b"\0"))
    return made


def test_a_panoramic_states_dose_and_technique_in_canonical_units() -> None:
    found = exposure(a_panoramic())
    assert list(technique(found)) == [81, 85, 9, 6800, None]
    assert found.radiation_dose == (Decimal(81), "mGy·cm²", "dose-area-product")
    assert found.started_at is not None
    assert found.started_at.isoformat() == "2026-03-02T10:15:00"
    assert found.problems == ()


def test_what_is_not_stated_is_missing_with_a_reason_and_never_zero() -> None:
    found = exposure(an_intra_oral())
    assert [quantity for quantity, _ in found.missing] == [
        "dap_mgycm2", "entrance_mgy", "ctdivol_mgy", "dlp_mgycm", "kvp", "tube_ma", "time_ms", "mas",
    ]  # fmt: skip
    assert {reason for _, reason in found.missing} == {"not in the header"}
    assert found.radiation_dose is None
    assert found.dap_mgycm2 is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [("0", "stated zero"), ("-4", "negative"), ("NaN", "not a number"), ("", "named without a value")],
)
def test_nonsense_in_the_dose_is_kept_as_evidence_and_not_as_a_dose(raw: str, reason: str) -> None:
    with disable_value_validation():
        found = exposure(a_panoramic(**stating(raw)))
    (seen,) = [one for one in found.observations if one.quantity == "dap_mgycm2"]
    assert (seen.raw_text, seen.value, seen.used, seen.reason) == (raw, None, False, reason)
    assert (found.dap_mgycm2, why_missing(found, "dap_mgycm2")) == (None, reason)


def test_the_integer_entrance_dose_of_zero_leaves_room_for_the_finer_one() -> None:
    found = exposure(an_intra_oral(EntranceDose=0, EntranceDoseInmGy="0.9"))
    assert found.radiation_dose == (Decimal("0.9"), "mGy", "entrance-dose")
    assert exposure(an_intra_oral(EntranceDose=0)).radiation_dose is None
    assert exposure(an_intra_oral(EntranceDose=2)).entrance_mgy == 200


def test_a_dose_area_product_goes_before_an_entrance_dose() -> None:
    found = exposure(an_intra_oral(EntranceDoseInmGy="0.9", **stating("0.25")))
    assert found.radiation_dose == (Decimal(25), "mGy·cm²", "dose-area-product")


def test_ct_dose_indices_never_become_the_radiation_dose() -> None:
    found = exposure(a_cbct_slice(1, CTDIvol=4.5, **stating(None)))
    assert (found.ctdivol_mgy, found.radiation_dose) == (Decimal("4.5"), None)


def test_the_finest_attribute_wins_and_the_coarse_one_stays_as_evidence() -> None:
    found = exposure(
        a_lateral_ceph(ExposureTime=6, ExposureTimeInuS="5600", XRayTubeCurrent=6, XRayTubeCurrentInmA=6.3)
    )
    assert (found.time_ms, found.tube_ma) == (Decimal("5.6"), Decimal("6.3"))
    assert {one.rule: one.used for one in found.observations} == {
        "ExposureTime": False,
        "ExposureTimeInuS": True,
        "XRayTubeCurrent": False,
        "XRayTubeCurrentInmA": True,
    }


def test_an_unreadable_fine_attribute_leaves_the_coarse_one() -> None:
    written = file_bytes(a_lateral_ceph(ExposureTime=6, ExposureTimeInuS="5600"))
    found = read_exposure(read_header(written.replace(b"5600", b"????")))
    assert found is not None
    assert found.time_ms == 6


def test_decimals_and_commas_in_integer_attributes_are_read() -> None:
    written = file_bytes(a_lateral_ceph(ExposureTime=88888, Exposure=7777))
    found = read_exposure(read_header(written.replace(b"88888", b"161.3").replace(b"7777", b"40,2")))
    assert found is not None
    assert (found.time_ms, found.mas) == (Decimal("161.3"), Decimal("40.2"))


def test_the_header_goes_before_private_text_and_both_are_kept() -> None:
    found = exposure(with_newtom_dose("82"))
    assert found.dap_mgycm2 == 81
    doses = [one for one in found.observations if one.quantity == "dap_mgycm2"]
    assert [(one.source, str(one.value), one.used) for one in doses] == [
        ("image", "81.00", True),
        ("private", "82", False),
    ]
    assert found.problems == ()


def test_private_text_stands_in_for_a_missing_header_value() -> None:
    assert exposure(with_newtom_dose("82", **stating(None))).dap_mgycm2 == 82


def test_header_and_private_text_more_than_five_per_cent_apart_are_a_problem() -> None:
    (problem,) = exposure(with_newtom_dose("8100")).problems
    assert problem.tag == "(0019,1029)"
    assert "conflict" in problem.reason
    assert "8100 mGy·cm²" in problem.reason


def test_an_icat_dose_without_a_unit_is_never_a_value() -> None:
    made = a_cbct_slice(1, **stating(None))
    made.add_new(0x00192002, "UN", b"<DAPValues>12.5^480.25</DAPValues>")
    found = exposure(made)
    assert found.dap_mgycm2 is None
    assert [(one.raw_text, one.unit_status) for one in found.observations if one.source == "private"] == [
        ("12.5^480.25", "unknown")
    ]
    assert why_missing(found, "dap_mgycm2") == "unit not known"


@pytest.mark.parametrize(
    ("stated", "count"),
    [("1.7", 0), ("1.5", 0), ("1.4", 1), ("2.1", 1), ("40", 1)],
)
def test_a_charge_that_current_and_time_contradict_is_a_problem(stated: str, count: int) -> None:
    found = exposure(
        a_lateral_ceph(XRayTubeCurrentInmA=303.0, ExposureTimeInms=5.6, ExposureInmAs=float(stated))
    )
    assert len(found.problems) == count
    assert found.mas == Decimal(stated)


def test_an_integer_charge_may_be_half_a_unit_off() -> None:
    assert exposure(a_lateral_ceph(XRayTubeCurrent=7, ExposureTime=200, Exposure=1)).problems == ()
    assert len(exposure(a_lateral_ceph(XRayTubeCurrent=7, ExposureTime=300, Exposure=1)).problems) == 1


def test_an_enhanced_ct_states_its_exposure_in_functional_groups() -> None:
    made = an_enhanced_ct()
    made.SharedFunctionalGroupsSequence[0].CTExposureSequence = [
        data_set(ExposureTimeInms=9000.0, XRayTubeCurrentInmA=5.0, ExposureInmAs=45.0, CTDIvol=3.25)
    ]
    made.SharedFunctionalGroupsSequence[0].CTXRayDetailsSequence = [data_set(KVP="90")]
    found = exposure(made)
    assert list(technique(found)) == [None, 90, 5, 9000, 45]
    assert found.ctdivol_mgy == Decimal("3.25")


@pytest.mark.parametrize(
    "made",
    [
        an_intra_oral(SOPClassUID=VLPhotographicImageStorage, Modality="XC"),
        an_intra_oral(SOPClassUID=SecondaryCaptureImageStorage, Modality="PX", KVP="70"),
        an_intra_oral(SOPClassUID=XRayRadiationDoseSRStorage, Modality="SR"),
        an_intra_oral(SOPClassUID=EncapsulatedPDFStorage, Modality="DOC"),
        a_cbct_slice(1, ImageType=["DERIVED", "SECONDARY", "MPR"]),
        an_enhanced_ct(ImageType=["DERIVED", "PRIMARY", "VOLUME", "RESAMPLED"]),
    ],
)
def test_objects_that_no_exposure_of_their_own_made_have_none(made: Dataset) -> None:
    assert maybe_exposure(made) is None


def test_a_processed_radiograph_is_derived_and_is_an_exposure_all_the_same() -> None:
    assert exposure(a_panoramic(ImageType=["DERIVED", "PRIMARY"])).dap_mgycm2 == 81


def test_a_resliced_volume_that_names_its_event_merges_with_its_source() -> None:
    first = exposure(a_cbct_slice(1, IrradiationEventUID=uid("event")))
    again = exposure(a_cbct_slice(2, IrradiationEventUID=uid("event"), ImageType=["DERIVED", "SECONDARY"]))
    assert merge_exposures(first, again).dap_mgycm2 == 450


def test_the_irradiation_event_identifies_an_exposure_before_anything_else() -> None:
    found = exposure(a_panoramic(IrradiationEventUID=[uid("b"), uid("a")]))
    joined = "\\".join(sorted([uid("a"), uid("b")]))
    assert (found.event_uid, found.event_uid_source, found.event_key) == (joined, "irradiation-event", joined)


def test_a_radiograph_without_event_is_an_exposure_of_its_own() -> None:
    found = exposure(a_panoramic(7))
    assert (found.event_uid, found.event_uid_source) == (uid("panoramic", 7), "instance")
    assert found.event_key != exposure(a_panoramic(8)).event_key


def test_slices_share_an_acquisition_though_their_times_differ() -> None:
    times = ["101500", "101507.5", "101515"]
    slices = [
        exposure(a_cbct_slice(n, AcquisitionTime=time, AcquisitionNumber=1)) for n, time in enumerate(times)
    ]
    whole = merged(slices[::-1])
    assert {one.event_uid_source for one in slices} == {"acquisition"}
    assert whole.started_at == slices[0].started_at
    other = exposure(a_cbct_slice(9, AcquisitionNumber=2))
    assert other.event_key != whole.event_key


def test_five_hundred_slices_are_one_exposure_with_its_dose_once() -> None:
    slices = [exposure(made) for made in a_cbct_series(500)]
    whole = merged(slices)
    assert len({one.event_key for one in slices}) == 1
    assert whole.dap_mgycm2 == 450
    assert whole == slices[0]
    assert len(whole.observations) == 2


def test_slices_that_differ_in_dose_keep_the_first_and_say_so() -> None:
    doses = ["4.5", "4.5", "5.0", "5.2"]
    whole = merged([exposure(a_cbct_slice(n, **stating(dose))) for n, dose in enumerate(doses)])
    assert whole.dap_mgycm2 == 450
    (problem,) = whole.problems
    assert problem.tag == "(0018,115E)"
    assert "but 500.0 to 520.0 mGy·cm² in another object" in problem.reason


def test_a_slice_that_knows_more_completes_the_event() -> None:
    poor, rich = exposure(a_cbct_slice(1, **stating(None))), exposure(a_cbct_slice(2))
    assert merge_exposures(poor, rich).dap_mgycm2 == merge_exposures(rich, poor).dap_mgycm2 == 450
    assert "dap_mgycm2" not in dict(merge_exposures(poor, rich).missing)


def test_different_events_do_not_merge() -> None:
    with pytest.raises(ValueError, match="not the same irradiation event"):
        merge_exposures(exposure(a_panoramic(1)), exposure(a_panoramic(2)))


def test_a_start_with_an_offset_goes_before_one_without() -> None:
    local = exposure(a_cbct_slice(1))
    zoned = exposure(a_cbct_slice(2, TimezoneOffsetFromUTC="+0100"))
    assert (
        merge_exposures(local, zoned).started_at
        == merge_exposures(zoned, local).started_at
        == zoned.started_at
    )
    assert merge_exposures(replace(local, started_at=None), local).started_at == local.started_at


@given(st.dictionaries(st.sampled_from([row.keyword for row in DOSE_ATTRIBUTES]), st.text(max_size=16)))
def test_no_text_in_any_dose_attribute_raises_and_none_is_lost(texts: dict[str, str]) -> None:
    header = read_header(file_bytes(a_lateral_ceph()))
    written = {tag_of(word): Element(tag_of(word), "DS", (text,)) for word, text in texts.items()}
    found = read_exposure(replace(header, data_set=Elements({**header.data_set, **written})))
    assert found is not None
    assert {one.rule for one in found.observations} == set(texts)
    assert all(value is None or value > 0 for value in technique(found))


_VARIED = [
    exposure(a_cbct_slice(1)),
    exposure(a_cbct_slice(2, KVP=None)),
    exposure(a_cbct_slice(3, ExposureTime=9000, XRayTubeCurrent=5)),
    exposure(a_cbct_slice(4, ExposureTimeInms=9000.4, Exposure=45, **stating("0"))),
    exposure(a_cbct_slice(5, CTDIvol=2.5, **stating(None))),
]


@given(st.permutations(_VARIED), st.randoms(use_true_random=False))
def test_order_and_repetition_of_slices_change_no_value(order: list[Exposure], random: Random) -> None:
    again = [*order, *random.choices(order, k=4)]
    random.shuffle(again)
    whole, twice = merged(order), merged([*again, *order])
    assert merge_exposures(whole, whole) == whole
    assert set(whole.observations) == set(twice.observations)
    plain: dict[str, Any] = {"observations": (), "missing": (), "problems": ()}
    assert replace(whole, **plain) == replace(twice, **plain) == replace(merged(_VARIED), **plain)
    assert {quantity for quantity, _ in whole.missing} == {quantity for quantity, _ in twice.missing}
