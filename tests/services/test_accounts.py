from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from porion.clinic.permissions import GRANTS, Permission, Role
from porion.services.accounts import (
    LINK_LIFE,
    SESSION_LIFE,
    change_user,
    clinic_name,
    create_token,
    create_user,
    list_tokens,
    list_users,
    log_in,
    log_out,
    open_setup,
    revoke_token,
    set_up,
    the_clinic,
    who_is,
)
from porion.services.errors import Conflict, Invalid, NotFound, NotSignedIn, TooManyAttempts
from porion.services.trail import read_trail
from tests.world import PASSWORD, World, a_porion, another_clinic

ADMIN = "anna@clinic.example"


def the_first(world: World) -> str:
    """The first administrator's session."""
    secret = open_setup(world.porion, world.clinic_id)
    set_up(world.porion, secret or "", ADMIN, PASSWORD, "Clinic at the Mill")
    return log_in(world.porion, ADMIN, PASSWORD, "127.0.0.1")


def test_there_is_one_clinic_however_often_it_is_asked_for(each_world: World) -> None:
    assert the_clinic(each_world.porion) == the_clinic(each_world.porion) == each_world.clinic_id


def test_the_one_time_link_makes_the_first_administrator_once(each_world: World) -> None:
    world = each_world
    secret = open_setup(world.porion, world.clinic_id) or ""
    user = set_up(world.porion, secret, " Anna@Clinic.Example ", PASSWORD, "Clinic at the Mill")
    assert (user.email, user.role, user.clinic_id) == (ADMIN, "admin", world.clinic_id)
    assert clinic_name(world.porion, world.actor) == "Clinic at the Mill"
    with pytest.raises(NotSignedIn):
        set_up(world.porion, secret, "eve@clinic.example", PASSWORD, None)
    assert open_setup(world.porion, world.clinic_id) is None
    assert len(list_users(world.porion, world.actor)) == 1


def test_the_one_time_link_grows_too_old(world: World) -> None:
    secret = open_setup(world.porion, world.clinic_id) or ""
    world.clock.pass_by(LINK_LIFE)
    with pytest.raises(NotSignedIn, match="too old"):
        set_up(world.porion, secret, ADMIN, PASSWORD, None)


def test_a_restart_replaces_the_one_time_link_of_its_clinic(each_world: World) -> None:
    world, there = each_world, another_clinic(each_world)
    old, other = open_setup(world.porion, world.clinic_id), open_setup(there.porion, there.clinic_id)
    new = open_setup(world.porion, world.clinic_id)
    with pytest.raises(NotSignedIn):
        set_up(world.porion, old or "", ADMIN, PASSWORD, None)
    set_up(world.porion, new or "", ADMIN, PASSWORD, None)
    assert set_up(there.porion, other or "", "b@there.example", PASSWORD, None).clinic_id == there.clinic_id


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("anna", PASSWORD, "no e-mail address|not an e-mail address"),
        ("@clinic.example", PASSWORD, "not an e-mail address"),
        (ADMIN, "short", "at least 12"),
    ],
)
def test_a_link_stays_good_when_the_form_is_filled_in_badly(
    world: World, email: str, password: str, reason: str
) -> None:
    secret = open_setup(world.porion, world.clinic_id) or ""
    with pytest.raises(Invalid, match=reason):
        set_up(world.porion, secret, email, password, None)
    assert set_up(world.porion, secret, ADMIN, PASSWORD, None).email == ADMIN


def test_a_session_says_who_it_is_until_it_ends(each_world: World) -> None:
    world = each_world
    session = the_first(world)
    actor = who_is(world.porion, "session", session)
    assert (actor.name, actor.clinic_id, actor.permissions) == (ADMIN, world.clinic_id, frozenset(Permission))
    log_out(world.porion, session)
    log_out(world.porion, "unknown")
    with pytest.raises(NotSignedIn):
        who_is(world.porion, "session", session)


def test_a_session_grows_too_old(world: World) -> None:
    session = the_first(world)
    world.clock.pass_by(SESSION_LIFE - timedelta(minutes=1))
    who_is(world.porion, "session", session)
    world.clock.pass_by(timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        who_is(world.porion, "session", session)


def test_a_session_is_no_token_and_no_link(world: World) -> None:
    session = the_first(world)
    for kind in ("token", "setup"):
        with pytest.raises(NotSignedIn):
            who_is(world.porion, kind, session)


def test_secrets_are_kept_as_digests_only(world: World) -> None:
    secrets = [the_first(world), create_token(world.porion, world.actor, "script", ADMIN)[1]]
    stored = b"".join(path.read_bytes() for path in world.data.glob("porion.sqlite*"))
    assert not [secret for secret in [*secrets, "secret-1"] if secret.encode() in stored]


@pytest.mark.parametrize(
    ("email", "password"), [(ADMIN, "wrong password"), ("nobody@clinic.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_user_sound_and_cost_the_same(
    world: World, email: str, password: str
) -> None:
    the_first(world)
    before = len(world.passwords.looked_at)
    with pytest.raises(NotSignedIn, match=r"^The e-mail address or the password is wrong\.$"):
        log_in(world.porion, email, password, "127.0.0.1")
    assert len(world.passwords.looked_at) == before + 1


def test_a_failed_log_in_of_a_known_user_is_on_the_trail(world: World) -> None:
    the_first(world)
    with pytest.raises(NotSignedIn):
        log_in(world.porion, ADMIN, "wrong password", "10.0.0.9")
    (last,) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=None)
    assert (last.action, last.actor) == ("log-in failed", "10.0.0.9")


def test_too_many_attempts_are_refused_before_any_password_is_looked_at(tmp_path: Path) -> None:
    tries: Counter[str] = Counter()

    def limiter(key: str) -> bool:
        tries[key] += 1
        return tries[key] <= 3

    world = a_porion(tmp_path, limiter=limiter)
    the_first(world)
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            log_in(world.porion, ADMIN, "wrong password", "127.0.0.1")
    looked_at = len(world.passwords.looked_at)
    with pytest.raises(TooManyAttempts):
        log_in(world.porion, ADMIN, PASSWORD, "127.0.0.1")
    assert len(world.passwords.looked_at) == looked_at
    assert log_in(world.porion, ADMIN, PASSWORD, "another machine")
    world.engine.dispose()


@pytest.mark.parametrize("role", list(Role))
def test_a_user_has_the_permissions_of_the_role(world: World, role: Role) -> None:
    user = create_user(world.porion, world.actor, "user@clinic.example", role, PASSWORD)
    actor = who_is(world.porion, "session", log_in(world.porion, user.email, PASSWORD, "here"))
    assert actor.permissions == GRANTS[role]


def test_a_user_is_added_once_with_a_role_that_there_is(world: World) -> None:
    create_user(world.porion, world.actor, "user@clinic.example", "clinician", PASSWORD)
    with pytest.raises(Conflict):
        create_user(world.porion, world.actor, "USER@clinic.example", "clinician", PASSWORD)
    with pytest.raises(Invalid, match="no role"):
        create_user(world.porion, world.actor, "other@clinic.example", "owner", PASSWORD)


def test_whoever_is_switched_off_is_out_at_once_and_for_good(each_world: World) -> None:
    world = each_world
    the_first(world)
    user = create_user(world.porion, world.actor, "user@clinic.example", "clinician", PASSWORD)
    session = log_in(world.porion, user.email, PASSWORD, "here")
    _, token = create_token(world.porion, world.actor, "script", user.email)
    change_user(world.porion, world.actor, user.id, active=False)
    for kind, secret in (("session", session), ("token", token)):
        with pytest.raises(NotSignedIn):
            who_is(world.porion, kind, secret)
    with pytest.raises(NotSignedIn):
        log_in(world.porion, user.email, PASSWORD, "here")
    change_user(world.porion, world.actor, user.id, active=True)
    with pytest.raises(NotSignedIn):
        who_is(world.porion, "token", token)
    assert log_in(world.porion, user.email, PASSWORD, "here")


def test_the_last_administrator_stays_one(world: World) -> None:
    the_first(world)
    (admin,) = list_users(world.porion, world.actor)
    with pytest.raises(Conflict, match="last administrator"):
        change_user(world.porion, world.actor, admin.id, active=False)
    with pytest.raises(Conflict, match="last administrator"):
        change_user(world.porion, world.actor, admin.id, role="reception")
    second = create_user(world.porion, world.actor, "b@clinic.example", "admin", PASSWORD)
    change_user(world.porion, world.actor, admin.id, role="reception")
    with pytest.raises(Conflict):
        change_user(world.porion, world.actor, second.id, active=False)


def test_a_token_works_until_it_is_revoked(world: World) -> None:
    me = who_is(world.porion, "session", the_first(world))
    token, secret = create_token(world.porion, me, "script")
    assert secret.startswith("porion_")
    assert [row.id for row in list_tokens(world.porion, me)] == [token.id]
    assert who_is(world.porion, "token", secret) == me
    revoke_token(world.porion, me, token.id)
    with pytest.raises(NotSignedIn):
        who_is(world.porion, "token", secret)
    assert list_tokens(world.porion, me) == []
    with pytest.raises(NotFound):
        revoke_token(world.porion, me, token.id)


def test_only_an_administrator_revokes_somebody_elses_token(world: World) -> None:
    me = who_is(world.porion, "session", the_first(world))
    mine, _ = create_token(world.porion, me, "mine")
    create_user(world.porion, world.actor, "b@clinic.example", "clinician", PASSWORD)
    other = who_is(world.porion, "session", log_in(world.porion, "b@clinic.example", PASSWORD, "here"))
    theirs, _ = create_token(world.porion, other, "theirs")
    with pytest.raises(NotFound):
        revoke_token(world.porion, other, mine.id)
    revoke_token(world.porion, me, theirs.id)


def test_the_command_line_makes_a_token_for_somebody_only(world: World) -> None:
    the_first(world)
    with pytest.raises(Invalid, match="whose token"):
        create_token(world.porion, world.actor, "script")
    with pytest.raises(NotFound):
        create_token(world.porion, world.actor, "script", "nobody@clinic.example")


def test_nobody_reaches_the_users_and_tokens_of_another_clinic(each_world: World) -> None:
    world, there = each_world, another_clinic(each_world)
    me = who_is(world.porion, "session", the_first(world))
    token, _ = create_token(world.porion, me, "mine")
    assert list_users(there.porion, there.actor) == []
    with pytest.raises(NotFound):
        change_user(there.porion, there.actor, me.user_id or "", active=False)
    with pytest.raises(NotFound):
        create_token(there.porion, there.actor, "stolen", ADMIN)
    with pytest.raises(NotFound):
        revoke_token(there.porion, there.actor, token.id)
