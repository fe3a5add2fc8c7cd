"""``porion commitments``."""

from __future__ import annotations

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.services.commitment import Reference, request_commitment
from porion.services.devices import see_device
from tests.cli.desk import Desk

PEER = {"address": "10.0.0.5", "calling": "PAN1", "called": "PORION", "tls": False}


def test_what_was_asked_and_what_became_of_it(desk: Desk) -> None:
    assert desk.do("commitments", "list", "--json").out == ""
    desk.do("device", "add", "PAN1", "--address", "10.0.0.5")
    with at_the_desk(read_settings(desk.data)) as (porion, actor):
        device = see_device(porion, actor, "PAN1").id
        for transaction in ("1.2.3", "1.2.4"):
            asked = [Reference("1.2", "1.3")]
            request_commitment(porion, actor.clinic_id, device, transaction, asked, PEER)
    newest, oldest = desk.do("commitments", "list", "--json").lines
    assert (newest["transactionUid"], oldest["transactionUid"]) == ("1.2.4", "1.2.3")
    assert (newest["state"], newest["asked"]) == ("waiting", [["1.2", "1.3"]])
    assert len(desk.do("commitments", "list", "--limit", 1, "--json").lines) == 1
    shown = desk.do("commitments", "list").out
    assert "PAN1 at 10.0.0.5" in shown
    assert "waiting" in shown
