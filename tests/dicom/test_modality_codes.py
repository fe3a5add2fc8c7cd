from __future__ import annotations

import pytest

from porion.dicom.category import CLINIC_CODES
from porion.dicom.modality_codes import TABLE, clinic_codes, dicom_codes


def test_a_panoramic_is_looked_for_wherever_it_may_lie() -> None:
    assert list(dicom_codes("opg"))[:4] == ["PX", "DX", "CR", "IO"]


def test_a_code_of_dicom_stands_for_itself() -> None:
    assert dicom_codes("ct") == ("CT",)


def test_every_code_of_the_clinic_but_other_has_a_row() -> None:
    assert {row.code for row in TABLE} == set(CLINIC_CODES.values()) - {"OTHER"}


@pytest.mark.parametrize(
    ("dicom", "ours"),
    [(["PX"], ["OPG"]), (["DX", "PX"], ["OPG", "CEPH"]), (["IO"], ["PA"]), (["CT"], ["CBCT"]), (["MR"], [])],
)
def test_what_codes_of_dicom_most_likely_are(dicom: list[str], ours: list[str]) -> None:
    assert clinic_codes(dicom) == ours
