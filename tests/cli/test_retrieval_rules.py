"""``porion retrieval``: what is fetched from remote nodes by itself."""

from __future__ import annotations

from porion.dimse.protocol.commands import Field
from tests.cli.desk import Desk
from tests.dimse.fake_pacs import a_pacs
from tests.services.test_query import a_study
from tests.services.test_retrieval_rules import answering


def test_a_rule_is_added_rehearsed_switched_and_removed(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    with a_pacs({Field.C_FIND_RQ: answering(a_study(1))}) as pacs:
        where = f"127.0.0.1:{pacs.port}"
        desk.do("node", "add", "PACS", "--aet", "PACS", "--address", where, "--allow-loopback")
        rule = desk.do(
            "retrieval", "add", "nightly", "--node", "PACS", "--kind", "history", "--hour", "2", "--json"
        ).document
        assert (rule["kind"], rule["hour"], rule["years"]) == ("history", 2, 5)
        (found,) = desk.do("retrieval", "rehearse", "nightly", "--json").lines
        assert found["study"] == "1.2.1"
        assert "1.2.1" in desk.do("retrieval", "rehearse", "nightly").out
    assert "runs no more" in desk.do("retrieval", "off", "nightly").out
    assert "switched off" in desk.do("retrieval", "list").out
    assert "runs next" in desk.do("retrieval", "on", "nightly").out
    assert [line["name"] for line in desk.do("retrieval", "list", "--json").lines] == ["nightly"]
    desk.do("retrieval", "remove", "nightly")
    assert desk.run("retrieval", "remove", "nightly").status == 5
