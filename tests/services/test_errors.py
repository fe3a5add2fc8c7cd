from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from porion.clinic.permissions import NEEDS, Action, Actor, Permission
from porion.services import (
    accounts,
    decide,
    errors,
    exposures,
    images,
    import_files,
    import_patients,
    inbox,
    linking_sources,
    match_claim,
    merge,
    patients,
    reassign,
    register_feed,
    trail,
    unattended,
    undo,
)
from porion.services.errors import NotPermitted, PorionError, must
from porion.services.records import ImageFilter
from tests.services.scenes import ANNA
from tests.world import World

# Every service function that acts for somebody: what it needs, and a call.
CALLS: dict[Callable[..., Any], tuple[Action, tuple[Any, ...], dict[str, Any]]] = {
    accounts.create_user: (Action.MANAGE_USERS, ("a@b", "admin", "p" * 12), {}),
    accounts.list_users: (Action.MANAGE_USERS, (), {}),
    accounts.change_user: (Action.MANAGE_USERS, ("1",), {}),
    accounts.create_token: (Action.HOLD_TOKENS, ("script",), {}),
    accounts.list_tokens: (Action.HOLD_TOKENS, (), {}),
    accounts.revoke_token: (Action.HOLD_TOKENS, ("1",), {}),
    decide.link: (Action.DECIDE, (decide.LinkRequest("1", "2", ("name",)),), {}),
    decide.reject: (Action.DECIDE, ("1", "reason"), {}),
    decide.rule_out: (Action.DECIDE, ("1", "2", None), {}),
    decide.split: (Action.DECIDE, ("1", ["2"]), {}),
    register_feed.apply_change: (Action.FEED_REGISTER, (object(),), {}),
    register_feed.rehearse_changes: (Action.FEED_REGISTER, ([],), {}),
    register_feed.position_of: (Action.FEED_REGISTER, ("s",), {}),
    register_feed.note_position: (Action.FEED_REGISTER, ("s", "p"), {}),
    register_feed.recent_messages: (Action.FEED_REGISTER, (), {}),
    reassign.reassign: (Action.DECIDE, (decide.LinkRequest("1", "2", ("name",)),), {}),
    undo.undo: (Action.DECIDE, ("1",), {}),
    images.list_images: (Action.SEE_IMAGES, (ImageFilter(),), {}),
    images.see_image: (Action.SEE_IMAGES, ("1",), {}),
    images.see_header: (Action.SEE_IMAGES, ("1",), {}),
    images.open_file: (Action.SEE_IMAGES, ("1",), {}),
    images.open_conflict: (Action.SEE_IMAGES, ("1",), {}),
    images.correct_category: (Action.CORRECT_CATEGORY, ("1", "TMJ"), {}),
    images.list_conflicts: (Action.SEE_IMAGES, (), {}),
    images.list_quarantine: (Action.SEE_IMAGES, (), {}),
    images.count_states: (Action.SEE_IMAGES, (), {}),
    import_files.import_found: (Action.IMPORT, ("test", []), {}),
    import_patients.import_patients: (Action.EDIT_PATIENTS, ([],), {}),
    inbox.see_item: (Action.SEE_INBOX, ("1",), {}),
    inbox.list_inbox: (Action.SEE_INBOX, (), {}),
    linking_sources.list_sources: (Action.MANAGE_LINKING, (), {}),
    linking_sources.set_unattended: (Action.MANAGE_LINKING, ("file|",), {"unattended": True}),
    unattended.list_samples: (Action.DECIDE, (), {}),
    unattended.judge_sample: (Action.DECIDE, ("1",), {"right": True}),
    match_claim.match_claim: (Action.DECIDE, (object(), 5), {}),
    merge.merge_patients: (Action.EDIT_PATIENTS, ("1", "2", "reason"), {}),
    merge.unmerge: (Action.EDIT_PATIENTS, ("1", "reason"), {}),
    patients.list_patients: (Action.SEE_PATIENTS, (), {}),
    patients.see_patient: (Action.SEE_PATIENTS, ("1",), {}),
    exposures.see_exposures: (Action.SEE_EXPOSURES, ("1",), {}),
    patients.add_patient: (Action.EDIT_PATIENTS, (ANNA,), {}),
    patients.edit_patient: (Action.EDIT_PATIENTS, (ANNA,), {}),
    trail.verify_trail: (Action.SEE_AUDIT, (), {}),
    trail.read_trail: (Action.SEE_AUDIT, (), {"before": None, "limit": 1, "object_id": None}),
}
# What anybody of the clinic may know, and what others call after they asked for permission.
OPEN = {accounts.clinic_name, trail.show}
# Within a transaction that somebody else opened.
INNER = {
    patients.insert_patient,
    patients.update_patient,
    merge.merge_within,
    decide.link_within,
    decide.link_unattended,
    linking_sources.stop_after_error,
    undo.undo_within,
}


def acting(module: Any) -> Iterable[Callable[..., Any]]:
    """The module's own public functions that take an actor."""
    for name, function in vars(module).items():
        own = getattr(function, "__module__", "") == module.__name__ and not name.startswith("_")
        if own and getattr(function, "__annotations__", {}).get("actor") == "Actor":
            yield function


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_who_lacks_the_permission_is_refused_before_anything_else(
    world: World, call: Callable[..., Any]
) -> None:
    action, positional, keyword = CALLS[call]
    lacking = replace(world.actor, permissions=frozenset(Permission) - {NEEDS[action]})
    nothing: Any = object()
    for actor in (lacking, replace(world.actor, permissions=frozenset())):
        with pytest.raises(NotPermitted, match=action.value):
            call(nothing, actor, *positional, **keyword)


def test_no_function_that_acts_for_somebody_is_left_out() -> None:
    modules = {inspect.getmodule(call) for call in CALLS}
    found = {function for module in modules for function in acting(module)}
    assert found - OPEN - INNER == set(CALLS)


def test_making_a_token_for_somebody_else_is_for_administrators(world: World) -> None:
    viewer = replace(world.actor, permissions=frozenset({Permission.VIEW}))
    with pytest.raises(NotPermitted):
        accounts.create_token(world.porion, viewer, "script", "other@clinic.example")


def test_creating_a_patient_from_a_claim_needs_what_adding_one_needs() -> None:
    assert NEEDS[Action.EDIT_PATIENTS] is NEEDS[Action.DECIDE]


def test_a_refusal_says_who_and_what() -> None:
    nobody = Actor("eve", "1", frozenset())
    with pytest.raises(NotPermitted, match=r"^eve may not see images, their tags and their files\.$"):
        must(nobody, Action.SEE_IMAGES)


def test_every_error_says_what_it_means() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PorionError)
    ]
    assert len(kinds) >= 12
    assert all((kind.__doc__ or "").endswith(".") for kind in kinds)
