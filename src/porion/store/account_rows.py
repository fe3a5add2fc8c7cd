"""Clinics, users and credentials: the only rows looked up before anybody's clinic is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.services.records import CredentialRow, Json, UserRow
from porion.store.patient_index import PatientIndex
from porion.store.rows import Record, plain
from porion.store.schema import clinics, credentials, users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

_USER = sa.select(*(users.c[name] for name in UserRow.__dataclass_fields__))
_CREDENTIAL = sa.select(*(credentials.c[name] for name in CredentialRow.__dataclass_fields__))
# Asked with every request: to build such a statement takes longer than to run it.
_USER_BY_ID = _USER.where(users.c.id == sa.bindparam("user"))
_CREDENTIAL_BY_SECRET = _CREDENTIAL.where(
    credentials.c.kind == sa.bindparam("kind"), credentials.c.secret_digest == sa.bindparam("digest")
)


class AccountRows:
    """See :class:`porion.services.row_ports.AccountRows`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def clinics(self) -> Sequence[tuple[str, str]]:
        """Every clinic's identifier and name, the first one first."""
        statement = sa.select(clinics.c.id, clinics.c.name).order_by(clinics.c.id)
        return [(row.id, row.name) for row in self._connection.execute(statement)]

    def add_clinic(self, clinic_id: str, name: str, at: datetime) -> None:
        """Insert a clinic."""
        row = {"id": clinic_id, "name": name, "created_at": at, "audit_links": 0, "audit_hash": ""}
        self._connection.execute(sa.insert(clinics).values(row))
        PatientIndex(self._connection, clinic_id).note_version()

    def rename_clinic(self, clinic_id: str, name: str) -> None:
        """Give a clinic its name."""
        self._connection.execute(sa.update(clinics).where(clinics.c.id == clinic_id).values(name=name))

    def user(self, user_id: str) -> UserRow | None:
        """One user."""
        return _one(UserRow, self._connection.execute(_USER_BY_ID, {"user": user_id}))

    def user_by_email(self, email: str) -> UserRow | None:
        """The user with that e-mail address."""
        return _one(UserRow, self._connection.execute(_USER.where(users.c.email == email)))

    def users(self, clinic_id: str) -> Sequence[UserRow]:
        """A clinic's users."""
        statement = _USER.where(users.c.clinic_id == clinic_id).order_by(users.c.id)
        return [UserRow(*row) for row in self._connection.execute(statement)]

    def add_user(self, row: UserRow) -> None:
        """Insert a user."""
        self._connection.execute(sa.insert(users).values(**plain(row)))

    def update_user(self, user_id: str, changes: Json) -> None:
        """Change columns of a user."""
        self._connection.execute(sa.update(users).where(users.c.id == user_id).values(**changes))

    def add_credential(self, row: CredentialRow) -> None:
        """Insert a session, token or one-time link."""
        self._connection.execute(sa.insert(credentials).values(**plain(row)))

    def credential(self, kind: str, secret_digest: str) -> CredentialRow | None:
        """The credential with that secret, revoked and expired ones too."""
        named = {"kind": kind, "digest": secret_digest}
        return _one(CredentialRow, self._connection.execute(_CREDENTIAL_BY_SECRET, named))

    def credentials(self, user_id: str, kind: str) -> Sequence[CredentialRow]:
        """A user's credentials of a kind that are not revoked."""
        statement = _CREDENTIAL.where(
            credentials.c.user_id == user_id,
            credentials.c.kind == kind,
            credentials.c.revoked_at.is_(None),
        ).order_by(credentials.c.id)
        return [CredentialRow(*row) for row in self._connection.execute(statement)]

    def revoke(self, credential_id: str, at: datetime) -> None:
        """End a credential."""
        self._revoke(at, credentials.c.id == credential_id)

    def revoke_kind(self, clinic_id: str, kind: str, user_id: str | None, at: datetime) -> None:
        """End all credentials of a kind that a user of the clinic holds, or that nobody holds."""
        of_clinic = credentials.c.clinic_id == clinic_id
        self._revoke(at, of_clinic, credentials.c.kind == kind, credentials.c.user_id == user_id)

    def _revoke(self, at: datetime, *where: Any) -> None:
        open_ones = sa.update(credentials).where(credentials.c.revoked_at.is_(None), *where)
        self._connection.execute(open_ones.values(revoked_at=at))


def _one(record: Callable[..., Record], result: sa.Result[Any]) -> Record | None:
    row = result.first()
    return record(*row) if row else None
