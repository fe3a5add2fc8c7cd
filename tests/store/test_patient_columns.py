from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import pytest

from porion.clinic.patient import Patient
from porion.dicom.person import PersonName
from porion.store.patient_columns import columns_of, patient_of
from tests.services.scenes import ANNA, BERTA


@pytest.mark.parametrize(
    "patient",
    [
        ANNA,
        replace(BERTA, aliases=(PersonName("Älter", "Berta"),), merged_into="a" * 32),
        Patient("x", PersonName()),
    ],
)
def test_a_patient_comes_back_from_the_row_as_it_was(patient: Patient) -> None:
    row = {"id": patient.id, **columns_of(patient)}
    assert patient_of(SimpleNamespace(**{one.name: row[one.name] for one in fields(Patient)})) == patient
