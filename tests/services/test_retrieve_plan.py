from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from porion.dimse.protocol.commands import Field
from porion.services.errors import NodeFailed
from porion.services.retrieve_plan import Plan, SeriesPlan, make_plan
from tests.asked import remotes
from tests.builders import a_cbct_series
from tests.dimse.fake_pacs import Talk, a_pacs
from tests.dimse.test_requestor import target
from tests.services.retrieving import Archive


def planned(archive: Archive, only: str = "", **abilities: str | None) -> Plan:
    study = str(archive.images[0].StudyInstanceUID)
    with a_pacs(archive.scripts()) as pacs:
        return make_plan(remotes(), target(pacs.port), study, only, abilities, lambda: False)


def test_a_plan_lists_every_instance_and_the_ways_to_get_it() -> None:
    slices = a_cbct_series(3)
    plan = planned(Archive(slices))
    (series,) = plan.series
    assert series.instances == tuple(str(one.SOPInstanceUID) for one in slices)
    assert series.classes == (str(slices[0].SOPClassUID),)
    assert (series.stated, plan.count, plan.stated, plan.ways) == (3, 3, 3, ("get", "move"))
    assert Plan.of_json(plan.to_json()) == plan


def test_what_a_test_found_not_to_work_is_no_way() -> None:
    archive = Archive(a_cbct_series(1))
    assert planned(archive, get="It does not offer this.").ways == ("move",)
    with pytest.raises(NodeFailed, match="none of WADO-RS, C-GET and C-MOVE"):
        planned(archive, get="no", move="no")


def test_an_unknown_count_stays_unknown() -> None:
    unknown = SeriesPlan("1.2", None, None)
    assert Plan((unknown, SeriesPlan("1.3", ("1.4",), 1)), ()).count is None
    assert Plan((SeriesPlan("1.2", None, 4), SeriesPlan("1.3", ("1.4",), None)), ()).count == 5


def test_a_node_that_lists_no_instances_is_taken_at_its_count() -> None:
    def find(talk: Talk) -> None:
        if b"IMAGE" in talk.identifier:
            talk.answer(status=0xC000)
            return
        answer = Dataset()
        answer.SeriesInstanceUID, answer.NumberOfSeriesRelatedInstances = "1.3", 7
        talk.pending(answer)
        talk.answer(status=0)

    with a_pacs({Field.C_FIND_RQ: find}) as pacs:
        plan = make_plan(remotes(), target(pacs.port), "1.2", "", {}, lambda: False)
    assert plan.series == (SeriesPlan("1.3", None, 7),)
