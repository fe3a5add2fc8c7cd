"""Patients as the API gives and takes them."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.http.patient_shapes import NewPatient, patient_answer, patient_of

ANNA = Patient(
    "p1", PersonName("Beispiel", "Anna", "Maria"), date(2012, 4, 3), "F", (Identifier("1", "A"),), version=3
)


def test_what_is_given_can_be_taken_back() -> None:
    told = patient_answer(ANNA).model_dump(mode="json", by_alias=True)
    stated = {
        name: value for name, value in told.items() if name in NewPatient.model_json_schema()["properties"]
    }

    assert patient_of(NewPatient.model_validate(stated), "p1", 3) == ANNA


@pytest.mark.parametrize("wrong", [{"birthDate": "03.04.2012"}, {"sex": "X"}, {"nickname": "Annie"}])
def test_what_does_not_fit_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NewPatient.model_validate({"family": "Beispiel", **wrong})
