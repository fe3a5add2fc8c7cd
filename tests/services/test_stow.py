from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from porion.services import stow
from porion.services.errors import NotPermitted, OutOfSpace
from porion.services.receive import Outcome
from porion.services.stow import Failure, Stored, store_instances
from tests.builders import a_lateral_ceph, a_panoramic, file_bytes, uid
from tests.world import World, incoming


def store(world: World, *contents: bytes, study: str | None = None) -> Sequence[Stored]:
    parts = [incoming(content, f"part {n}") for n, content in enumerate(contents, 1)]
    return store_instances(world.porion, world.actor, parts, study)


def test_each_is_told_by_itself_in_the_order_it_came(world: World) -> None:
    pan, ceph = file_bytes(a_panoramic()), file_bytes(a_lateral_ceph(study="b"))
    stored = store(world, b"garbage", pan, ceph, study=uid("study-1"))
    assert [one.failure for one in stored] == [Failure.CANNOT_UNDERSTAND, None, Failure.OTHER_STUDY]
    assert stored[1].named.sop_instance_uid == uid("panoramic", 1)
    assert stored[0].named.sop_instance_uid == ""


@contextmanager
def a_disk_that_refuses(world: World, monkeypatch: pytest.MonkeyPatch, after: int) -> Iterator[None]:
    """The import ends with a full disk after so many outcomes."""
    real = stow.import_found

    def refusing(*asked: Any) -> Iterator[Outcome]:
        for number, outcome in enumerate(real(*asked)):
            if number == after:
                raise OutOfSpace("The disk is full.")
            yield outcome

    with monkeypatch.context() as patched:
        patched.setattr(stow, "import_found", refusing)
        yield


def test_what_the_disk_refuses_is_told_beside_what_is_safe(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [file_bytes(a_panoramic(n)) for n in range(3)]
    with a_disk_that_refuses(world, monkeypatch, 1):
        stored = store(world, *contents)
    assert [one.failure for one in stored] == [None, Failure.OUT_OF_RESOURCES, Failure.OUT_OF_RESOURCES]
    with a_disk_that_refuses(world, monkeypatch, 0), pytest.raises(OutOfSpace):
        store(world, *contents)


def test_storing_needs_the_permission(world: World) -> None:
    with pytest.raises(NotPermitted):
        store(replace(world, actor=replace(world.actor, permissions=frozenset())), b"")
