"""``porion query``: what remote nodes hold."""

from __future__ import annotations

from porion.dimse.protocol.commands import Field
from tests.cli.desk import Desk
from tests.dimse.fake_pacs import a_pacs
from tests.services.test_query import a_study, answering


def test_answers_are_lines_and_failures_are_told(desk: Desk) -> None:
    script = answering(a_study(1), a_study(2))
    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        address = f"127.0.0.1:{pacs.port}"
        desk.do("node", "add", "PACS", "--aet", "A", "--address", address, "--allow-loopback")
        lines = desk.do("query", "PACS", "--level", "study", "--key", "PatientName=BEI*", "--json").lines
        assert [one["attributes"]["StudyInstanceUID"] for one in lines] == ["1.2.1", "1.2.2"]
        said = desk.do("query", "PACS", "--limit", "1")
        assert "Beispiel^Anna" in said.out
        assert "more than 1 answers" in said.err
    failed = desk.run("query", "PACS", "--json")
    assert (failed.status, failed.lines) == (8, [])
    assert "cannot be reached" in failed.err
    assert desk.run("query", "PACS", "--key", "PatientName").status == 2
    assert desk.run("query", "OTHER").status == 5
