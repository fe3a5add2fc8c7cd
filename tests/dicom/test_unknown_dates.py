from __future__ import annotations

from datetime import date

import pytest

from porion.dicom.acquired import acquired_at
from porion.dicom.header import read_header
from porion.dicom.identity import birth_date_of
from porion.dicom.unknown_dates import UNKNOWN_DATES
from tests.builders import a_panoramic, file_bytes


@pytest.mark.parametrize("day", UNKNOWN_DATES, ids=str)
def test_nobody_is_born_and_nothing_is_taken_on_a_date_that_means_unknown(day: date) -> None:
    written = f"{day:%Y%m%d}".zfill(8)
    dates = dict.fromkeys(("AcquisitionDate", "StudyDate"), written)

    assert birth_date_of(written) is None
    assert acquired_at(read_header(file_bytes(a_panoramic(**dates)))).value is None


def test_every_date_says_where_it_comes_from_and_nobodys_real_one_is_among_them() -> None:
    assert all(UNKNOWN_DATES.values())
    assert date(2012, 4, 3) not in UNKNOWN_DATES
