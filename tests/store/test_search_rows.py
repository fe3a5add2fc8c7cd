from __future__ import annotations

from porion.services.decide import reject
from porion.services.search_rows import Level, Wanted
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.services.scenes import inbox
from tests.world import World, another_clinic, bring


def uids(world: World, *place: str) -> list[str]:
    with world.porion.store.read(world.clinic_id) as tx:
        return [held.instance.sop_instance_uid for held in tx.search.held(*place)]


def test_the_instances_of_a_series_come_by_their_number(each_world: World) -> None:
    slices = a_cbct_series(4)
    bring(each_world, *reversed(slices))
    study, series = uid("study-cbct"), slices[0].SeriesInstanceUID
    in_order = [uid("study-cbct", "slice", n) for n in sorted(int(one.InstanceNumber) for one in slices)]
    assert uids(each_world, study) == uids(each_world, study, series) == in_order
    assert uids(each_world, study, series, in_order[2]) == [in_order[2]]
    assert uids(each_world, study, "1.2") == uids(each_world, "1.2", series) == []


def test_only_what_may_be_shown_is_held(world: World) -> None:
    bring(world, a_panoramic(), a_panoramic(Rows=5))
    assert uids(world, uid("study-1")) == [uid("panoramic", 1)]
    assert uids(another_clinic(world), uid("study-1")) == []
    reject(world.porion, world.actor, inbox(world)[0].item.id, "blurred")
    assert uids(world, uid("study-1")) == []


def test_a_study_of_two_people_is_found_once(each_world: World) -> None:
    bring(each_world, a_panoramic(), a_panoramic(2, PatientName="Muster^Berta"))
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        (found,) = tx.search.find(Wanted(Level.STUDY, (), 0, 9))
        assert (found.person.groups[0], found.instance_count) == ("Beispiel^Anna", 2)
        (series,) = tx.search.find(Wanted(Level.SERIES, (), 0, 9))
        assert series.instance_count == 2
        people = [one.person.groups[0] for one in tx.search.find(Wanted(Level.INSTANCE, (), 0, 9))]
    assert people == ["Beispiel^Anna", "Muster^Berta"]
