from __future__ import annotations

import pytest

from porion.services import row_ports
from porion.store.account_rows import AccountRows
from porion.store.audit_rows import AuditRows
from porion.store.exposure_rows import ExposureRows
from porion.store.imaging_rows import ImagingRows
from porion.store.inbox_rows import InboxRows
from porion.store.patient_rows import PatientRows
from tests.services.scenes import signatures

PAIRS = [
    (row_ports.AccountRows, AccountRows),
    (row_ports.AuditRows, AuditRows),
    (row_ports.ExposureRows, ExposureRows),
    (row_ports.ImagingRows, ImagingRows),
    (row_ports.InboxRows, InboxRows),
    (row_ports.PatientRows, PatientRows),
]


@pytest.mark.parametrize(("port", "made"), PAIRS, ids=lambda kind: kind.__name__)
def test_rows_offer_exactly_what_their_port_names(port: type, made: type) -> None:
    assert signatures(made) == signatures(port)
