from __future__ import annotations

from porion.services.records import Origin, StudyRow, column_names, columns

STUDY = StudyRow("1", "1.2.3", description="CBCT")


def test_the_columns_of_a_record_are_its_fields_in_order() -> None:
    assert column_names(StudyRow) == (
        "id",
        "study_instance_uid",
        "study_date",
        "accession_number",
        "description",
    )
    assert columns(STUDY) == {
        "id": "1",
        "study_instance_uid": "1.2.3",
        "study_date": None,
        "accession_number": None,
        "description": "CBCT",
    }
    assert StudyRow(**columns(STUDY)) == STUDY


def test_columns_hold_the_values_themselves() -> None:
    label = "a/b.dcm"
    assert columns(Origin("http", label))["label"] is label
