from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from porion.clinic.patient import Patient
from porion.dicom.person import PersonName


def test_a_patient_needs_no_more_than_a_name_and_is_never_changed_in_place() -> None:
    patient = Patient("1", PersonName("Beispiel"))
    assert (patient.birth_date, patient.sex, patient.identifiers, patient.aliases) == (None, "", (), ())
    assert (patient.merged_into, patient.version) == (None, 1)
    with pytest.raises(FrozenInstanceError):
        patient.version = 2  # type: ignore[misc]
