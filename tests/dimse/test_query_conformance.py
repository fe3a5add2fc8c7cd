"""The table of query keys."""

from __future__ import annotations

from porion.dimse.query_conformance import query_keys
from porion.services.search_keys import KEYS


def test_every_key_is_in_it_at_its_level() -> None:
    table = query_keys()
    for key in KEYS:
        assert key.keyword in table
    assert "| PATIENT | PatientName | (0010,0010) | single value, wildcard |" in table
    assert "| STUDY | StudyInstanceUID | (0020,000D) | list of UIDs, unique |" in table
    assert "| STUDY | ModalitiesInStudy | (0008,0061) | any of a list, wildcard |" in table
    assert "| STUDY | NumberOfStudyRelatedInstances | (0020,1208) | none |" in table
    assert "sequence: RequestedProcedureID, ScheduledProcedureStepID" in table
    assert "| IMAGE | InstanceNumber | (0020,0013) | single value |" in table
