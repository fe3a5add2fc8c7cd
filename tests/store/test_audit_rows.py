from __future__ import annotations

import pytest

from porion.services.audit_records import AuditRow
from porion.services.errors import StorageFailed
from tests.world import World, another_clinic


def a_link(number: int, on: str = "1") -> AuditRow:
    detail = {"ü": [number, None]}
    return AuditRow(
        number, "2026-03-02", "anna", "looked", "image", on, detail, f"h{number - 1}", f"h{number}"
    )


def test_the_end_of_the_chain_is_the_last_link_and_nothing_at_first(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.porion.store.write(there.clinic_id) as tx:
        assert tx.audit.end() == (0, "")
        for number in (1, 2):
            tx.audit.append(a_link(number))
        assert tx.audit.end() == (2, "h2")
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.audit.end() == (0, "")


def test_links_come_newest_first_and_the_whole_chain_from_its_beginning(each_world: World) -> None:
    links = [a_link(number, str(number % 2)) for number in range(1, 6)]
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for link in links:
            tx.audit.append(link)
        assert list(tx.audit.all()) == links
        assert tx.audit.list(None, 2, None) == links[:2:-1]
        assert tx.audit.list(4, 9, "1") == [links[2], links[0]]


def test_a_number_is_given_once(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    with store.write(clinic) as tx:
        tx.audit.append(a_link(1))
    with pytest.raises(StorageFailed), store.write(clinic) as tx:
        tx.audit.append(a_link(1, "2"))
