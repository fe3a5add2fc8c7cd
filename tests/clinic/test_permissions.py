from __future__ import annotations

import pytest

from porion.clinic.permissions import (
    GRANTS,
    NEEDS,
    Action,
    Actor,
    Permission,
    Role,
    feeder,
    nobody,
    operator,
)


def test_every_action_needs_a_permission_and_every_role_has_its_row() -> None:
    assert set(NEEDS) == set(Action)
    assert set(GRANTS) == set(Role)


def test_whoever_has_no_permission_may_do_nothing() -> None:
    nobody = Actor("nobody", "clinic", frozenset())
    assert [action for action in Action if nobody.may(action)] == []


@pytest.mark.parametrize("permission", list(Permission))
def test_one_permission_allows_what_needs_it_and_nothing_else(permission: Permission) -> None:
    actor = Actor("anna", "clinic", frozenset({permission}))
    assert {action for action in Action if actor.may(action)} == {
        action for action, needed in NEEDS.items() if needed is permission
    }


FOR_ADMINISTRATORS = {
    Action.MANAGE_USERS,
    Action.SEE_AUDIT,
    Action.SEE_DEVICES,
    Action.MANAGE_DEVICES,
    Action.MANAGE_LINKING,
    Action.ASK_WORKLISTS,
    Action.MANAGE_JOBS,
    Action.SEE_NODES,
    Action.MANAGE_NODES,
    Action.ASK_NODES,
    Action.EXPORT_EXPOSURES,
    Action.SET_LEVELS,
}


@pytest.mark.parametrize(
    ("role", "may_not"),
    [
        (Role.ADMIN, set()),
        (Role.CLINICIAN, FOR_ADMINISTRATORS),
        (Role.RECEPTION, FOR_ADMINISTRATORS),
    ],
)
def test_some_things_are_for_administrators_only(role: Role, may_not: set[Action]) -> None:
    actor = Actor("anna", "clinic", GRANTS[role])
    assert {action for action in Action if not actor.may(action)} == may_not


def test_only_looking_needs_no_more_than_the_permission_to_view() -> None:
    looking = {action for action, needed in NEEDS.items() if needed is Permission.VIEW}
    assert looking == {
        Action.SEE_IMAGES,
        Action.SEE_INBOX,
        Action.SEE_PATIENTS,
        Action.SEE_EXPOSURES,
        Action.HOLD_TOKENS,
        Action.SEE_SCHEDULE,
        Action.SEE_JOBS,
    }


def test_whoever_sits_at_the_machine_may_do_everything_and_is_named() -> None:
    actor = operator("cli:anna", "clinic")
    assert all(actor.may(action) for action in Action)
    assert (actor.name, actor.clinic_id, actor.user_id) == ("cli:anna", "clinic", None)


def test_feeds_and_the_matcher_itself_may_only_what_they_are_for() -> None:
    feed, alone = feeder("KIS", "clinic"), nobody("clinic")
    assert (feed.name, alone.name) == ("feed: KIS", "unattended")
    for actor in (feed, alone):
        assert actor.permissions == {Permission.CAPTURE}
        assert not actor.may(Action.SEE_IMAGES)
        assert not actor.may(Action.MANAGE_LINKING)
