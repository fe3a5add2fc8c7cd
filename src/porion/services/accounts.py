"""Users, log-in, sessions, API tokens and the one-time link that makes the first administrator."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from porion.clinic.permissions import GRANTS, Action, Actor, Role
from porion.services.errors import Conflict, Invalid, NotFound, NotSignedIn, TooManyAttempts, must
from porion.services.records import CredentialRow, UserRow
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction

SESSION_LIFE = timedelta(hours=12)
LINK_LIFE = timedelta(hours=24)
SHORTEST_PASSWORD = 12
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def the_clinic(porion: Porion) -> str:
    """The one clinic of this deployment, made on first use."""
    with porion.store.write("") as tx:
        known = tx.accounts.clinics()
        if known:
            return known[0][0]
        clinic_id = porion.new_id()
        tx.accounts.add_clinic(clinic_id, "Clinic", porion.now())
        return clinic_id


def open_setup(porion: Porion, clinic_id: str) -> str | None:
    """A fresh one-time secret for the first administrator, or None when there is a user already."""
    with porion.store.write(clinic_id) as tx:
        if tx.accounts.users(clinic_id):
            return None
        now, secret = porion.now(), porion.new_secret()
        tx.accounts.revoke_kind(clinic_id, "setup", None, now)
        tx.accounts.add_credential(
            _credential(
                porion,
                clinic_id,
                "setup",
                "first administrator",
                secret,
                user_id=None,
                expires_at=now + LINK_LIFE,
            )
        )
        return secret


def set_up(porion: Porion, secret: str, email: str, password: str, clinic_name: str | None) -> UserRow:
    """Use the one-time link: make the first administrator."""
    _must_try("setup", porion)
    hashed = _hashed(porion, password)
    with porion.store.write("") as tx:
        link = tx.accounts.credential("setup", _digest(secret))
        if link is None or not _is_open(link, porion.now()):
            raise NotSignedIn("This link was used or is too old: restart Porion to get a new one.")
    with porion.store.write(link.clinic_id) as tx:
        if tx.accounts.users(link.clinic_id):
            raise Conflict("There is an administrator already: sign in.")
        tx.accounts.revoke(link.id, porion.now())
        if clinic_name:
            tx.accounts.rename_clinic(link.clinic_id, clinic_name)
        return _add_user(porion, tx, "setup", link.clinic_id, (email, Role.ADMIN, hashed))


def create_user(porion: Porion, actor: Actor, email: str, role: str, password: str) -> UserRow:
    """Add a user to the actor's clinic."""
    must(actor, Action.MANAGE_USERS)
    hashed = _hashed(porion, password)
    with porion.store.write(actor.clinic_id) as tx:
        return _add_user(porion, tx, actor.name, actor.clinic_id, (email, _role(role), hashed))


def _add_user(
    porion: Porion, tx: Transaction, by: str, clinic_id: str, account: tuple[str, Role, str]
) -> UserRow:
    email, role, hashed = account
    address = email.strip().casefold()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise Invalid(f"{email} is not an e-mail address.")
    if tx.accounts.user_by_email(address):
        raise Conflict(f"There is a user {address} already.")
    row = UserRow(porion.new_id(), clinic_id, address, role, "active", hashed, porion.now())
    tx.accounts.add_user(row)
    record(porion, tx, by, "user added", ("user", row.id), {"role": role.value})
    return row


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise Invalid(f"{word} is no role: choose among {', '.join(Role)}.") from None


def _hashed(porion: Porion, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    return porion.passwords.hash(password)


def list_users(porion: Porion, actor: Actor) -> Sequence[UserRow]:
    """The clinic's users."""
    must(actor, Action.MANAGE_USERS)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.accounts.users(actor.clinic_id)


def change_user(
    porion: Porion, actor: Actor, user_id: str, *, role: str | None = None, active: bool | None = None
) -> UserRow:
    """Give a user another role, or switch them off and on; what they hold ends when they are off."""
    must(actor, Action.MANAGE_USERS)
    with porion.store.write(actor.clinic_id) as tx:
        user = tx.accounts.user(user_id)
        if user is None or user.clinic_id != actor.clinic_id:
            raise NotFound(f"There is no user {user_id} in this clinic.")
        changed = replace(
            user,
            role=_role(role) if role else user.role,
            state=user.state if active is None else ("active" if active else "off"),
        )
        others = [row for row in tx.accounts.users(actor.clinic_id) if row.id != user_id]
        if not any(row.role == Role.ADMIN and row.state == "active" for row in [*others, changed]):
            raise Conflict("This is the last administrator: make another one first.")
        tx.accounts.update_user(user_id, {"role": changed.role, "state": changed.state})
        if changed.state != "active":
            for kind in ("session", "token"):
                tx.accounts.revoke_kind(actor.clinic_id, kind, user_id, porion.now())
        detail = {"role": changed.role, "state": changed.state}
        record(porion, tx, actor.name, "user changed", ("user", user_id), detail)
        return changed


def log_in(porion: Porion, email: str, password: str, peer: str) -> str:
    """A session's secret for the right password; attempts are counted by peer.

    Not by user: whoever knows an address could lock its owner out.
    """
    address = email.strip().casefold()
    _must_try(f"peer {peer}", porion)
    with porion.store.read("") as tx:
        user = tx.accounts.user_by_email(address)
    # The hash is computed for unknown users too: the time taken must not tell who exists.
    fits = porion.passwords.verify(password, user.password_hash if user else _NOBODY)
    if user is None or not fits or user.state != "active":
        if user is not None:
            with porion.store.write(user.clinic_id) as tx:
                record(porion, tx, peer, "log-in failed", ("user", user.id))
        raise NotSignedIn("The e-mail address or the password is wrong.")
    now, secret = porion.now(), porion.new_secret()
    with porion.store.write(user.clinic_id) as tx:
        session = _credential(
            porion, user.clinic_id, "session", peer, secret, user_id=user.id, expires_at=now + SESSION_LIFE
        )
        tx.accounts.add_credential(session)
        record(porion, tx, user.email, "logged in", ("user", user.id))
    return secret


def _must_try(key: str, porion: Porion) -> None:
    if not porion.limiter(key):
        raise TooManyAttempts("Too many attempts: wait a minute, then try again.")


def log_out(porion: Porion, secret: str) -> None:
    """End a session."""
    with porion.store.write("") as tx:
        session = tx.accounts.credential("session", _digest(secret))
        if session is not None:
            tx.accounts.revoke(session.id, porion.now())


def who_is(porion: Porion, kind: str, secret: str) -> Actor:
    """Who holds a session or token; NotSignedIn when it is unknown, revoked or too old."""
    with porion.store.read("") as tx:
        held = tx.accounts.credential(kind, _digest(secret))
        user = tx.accounts.user(held.user_id) if held and held.user_id else None
    if held is None or user is None or not _is_open(held, porion.now()) or user.state != "active":
        raise NotSignedIn("Sign in first: the session or token is unknown, revoked or too old.")
    return Actor(user.email, user.clinic_id, GRANTS[Role(user.role)], user.id)


def clinic_name(porion: Porion, actor: Actor) -> str:
    """The name of the actor's clinic."""
    with porion.store.read(actor.clinic_id) as tx:
        return dict(tx.accounts.clinics())[actor.clinic_id]


def create_token(
    porion: Porion, actor: Actor, name: str, email: str | None = None
) -> tuple[CredentialRow, str]:
    """An API token with its secret, shown only now: one's own, or (for administrators) another user's."""
    must(actor, Action.HOLD_TOKENS if email is None else Action.MANAGE_USERS)
    with porion.store.write(actor.clinic_id) as tx:
        user_id = _holder(tx, actor, email)
        secret = f"porion_{porion.new_secret()}"
        token = _credential(porion, actor.clinic_id, "token", name, secret, user_id=user_id, expires_at=None)
        tx.accounts.add_credential(token)
        record(porion, tx, actor.name, "token made", ("token", token.id), {"user": user_id})
    return token, secret


def _holder(tx: Transaction, actor: Actor, email: str | None) -> str:
    if email is None:
        if actor.user_id is None:
            raise Invalid("Say whose token it is to be.")
        return actor.user_id
    user = tx.accounts.user_by_email(email.strip().casefold())
    if user is None or user.clinic_id != actor.clinic_id:
        raise NotFound(f"There is no user {email} in this clinic.")
    return user.id


def list_tokens(porion: Porion, actor: Actor) -> Sequence[CredentialRow]:
    """One's own tokens, without their secrets."""
    must(actor, Action.HOLD_TOKENS)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.accounts.credentials(actor.user_id or "", "token")


def revoke_token(porion: Porion, actor: Actor, token_id: str) -> None:
    """End one of one's own tokens at once; an administrator may end anybody's."""
    must(actor, Action.HOLD_TOKENS)
    with porion.store.write(actor.clinic_id) as tx:
        everyone = [user.id for user in tx.accounts.users(actor.clinic_id)]
        holders = everyone if actor.may(Action.MANAGE_USERS) else [actor.user_id or ""]
        tokens = {token.id for holder in holders for token in tx.accounts.credentials(holder, "token")}
        if token_id not in tokens:
            raise NotFound(f"There is no token {token_id} of yours.")
        tx.accounts.revoke(token_id, porion.now())
        record(porion, tx, actor.name, "token revoked", ("token", token_id))


def _is_open(credential: CredentialRow, now: datetime) -> bool:
    expired = credential.expires_at is not None and credential.expires_at <= now
    return credential.revoked_at is None and not expired


def _credential(
    porion: Porion,
    clinic_id: str,
    kind: str,
    name: str,
    secret: str,
    *,
    user_id: str | None,
    expires_at: datetime | None,
) -> CredentialRow:
    return CredentialRow(
        id=porion.new_id(),
        clinic_id=clinic_id,
        kind=kind,
        name=name,
        secret_digest=_digest(secret),
        created_at=porion.now(),
        user_id=user_id,
        expires_at=expires_at,
    )
