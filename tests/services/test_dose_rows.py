from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from porion.dicom.exposure import Exposure, merge_exposures
from porion.services.arrival import Arrival
from porion.services.dose_rows import exposure_of, exposure_rows
from porion.services.examine import examine
from tests.builders import a_cbct_slice, a_panoramic, an_intra_oral, file_bytes, uid


def exposure_in(made: Dataset) -> Exposure:
    found = examine(memoryview(file_bytes(made)))
    assert isinstance(found, Arrival)
    assert found.image.exposure is not None
    return found.image.exposure


@pytest.mark.parametrize("made", [a_panoramic(), a_cbct_slice(1), an_intra_oral()])
def test_an_exposure_comes_back_from_its_rows(made: Dataset) -> None:
    exposure = exposure_in(made)
    row, observed = exposure_rows("1", "2", exposure)
    assert (row.id, row.study_id, row.event_key) == ("1", "2", exposure.event_key)
    assert exposure_of(row, observed) == exposure


def test_what_is_missing_is_null_and_says_why() -> None:
    row, _ = exposure_rows("1", "2", exposure_in(an_intra_oral()))
    assert row.dap_mgycm2 is None
    assert row.missing["dap_mgycm2"] == "not in the header"


def test_a_conflict_between_two_objects_of_one_event_survives() -> None:
    first, second = (
        exposure_in(a_panoramic(n, IrradiationEventUID=uid("e"), ImageAndFluoroscopyAreaDoseProduct=dose))
        for n, dose in ((1, "0.5"), (2, "0.9"))
    )
    row, observed = exposure_rows("1", "2", merge_exposures(first, second))
    assert row.problems
    assert str(exposure_of(row, observed).dap_mgycm2) == str(first.dap_mgycm2)
    assert exposure_of(row, observed).problems == merge_exposures(first, second).problems
