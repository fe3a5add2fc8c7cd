"""Which service answers what."""

from __future__ import annotations

from porion.dimse.commitment import commit
from porion.dimse.dispatch import service_for
from porion.dimse.negotiation import STORAGE_COMMITMENT, VERIFICATION
from porion.dimse.storage import store
from porion.dimse.verification import verify

CT = "1.2.840.10008.5.1.4.1.1.2"


def test_each_command_has_its_service_in_its_context() -> None:
    assert service_for(0x30, VERIFICATION) is verify
    assert service_for(0x01, CT) is store
    assert service_for(0x01, "1.2.3.private") is store
    assert service_for(0x130, STORAGE_COMMITMENT) is commit


def test_what_does_not_belong_together_has_none() -> None:
    for field, abstract in ((0x01, VERIFICATION), (0x30, CT), (0x130, CT), (0x20, CT), (0x8001, CT)):
        assert service_for(field, abstract) is None
