from __future__ import annotations

from dataclasses import replace

import pytest

from porion.services.errors import StorageFailed
from porion.services.records import CredentialRow, UserRow
from tests.world import NOON, World, another_clinic


def a_user(world: World, number: int = 1) -> UserRow:
    return UserRow(f"u{number}", world.clinic_id, f"{number}@clinic.example", "admin", "active", "hash", NOON)


def a_credential(world: World, number: int, kind: str = "token", user_id: str | None = "u1") -> CredentialRow:
    return CredentialRow(f"c{number}", world.clinic_id, kind, "script", f"digest-{number}", NOON, user_id)


def test_clinics_come_in_the_order_they_were_made(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.porion.store.write("") as tx:
        tx.accounts.rename_clinic(there.clinic_id, "Clinic at the Mill")
        assert tx.accounts.clinics() == [
            (each_world.clinic_id, "Clinic"),
            (there.clinic_id, "Clinic at the Mill"),
        ]


def test_a_user_is_found_by_id_and_e_mail_and_listed_in_the_own_clinic(each_world: World) -> None:
    there, user = another_clinic(each_world), a_user(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.accounts.add_user(user)
        tx.accounts.update_user("u1", {"role": "clinician"})
        changed = replace(user, role="clinician")
        assert tx.accounts.user("u1") == tx.accounts.user_by_email("1@clinic.example") == changed
        assert tx.accounts.users(each_world.clinic_id) == [changed]
        assert tx.accounts.users(there.clinic_id) == []
        assert tx.accounts.user("u2") is None
        assert tx.accounts.user_by_email("2@clinic.example") is None


def test_an_e_mail_address_belongs_to_one_user_of_the_deployment(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.porion.store.write("") as tx:
        tx.accounts.add_user(a_user(each_world))
    with pytest.raises(StorageFailed), each_world.porion.store.write("") as tx:
        tx.accounts.add_user(replace(a_user(there), id="u2"))


def test_a_credential_is_found_by_kind_and_secret_and_stays_when_revoked(each_world: World) -> None:
    token = a_credential(each_world, 1)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.accounts.add_user(a_user(each_world))
        tx.accounts.add_credential(token)
        assert tx.accounts.credential("token", "digest-1") == token
        assert tx.accounts.credential("session", "digest-1") is None
        tx.accounts.revoke("c1", each_world.clock())
        first = tx.accounts.credential("token", "digest-1")
        tx.accounts.revoke("c1", each_world.clock())
        assert tx.accounts.credential("token", "digest-1") == first
        assert first is not None
        assert first.revoked_at is not None
        assert tx.accounts.credentials("u1", "token") == []


def test_all_of_one_kind_end_for_one_holder_of_one_clinic(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for number in (1, 2):
            tx.accounts.add_user(a_user(each_world, number))
        held = [
            a_credential(each_world, 1),
            a_credential(each_world, 2, "session"),
            a_credential(each_world, 3, user_id="u2"),
            a_credential(each_world, 4, user_id=None),
            a_credential(there, 5, user_id=None),
        ]
        for row in held:
            tx.accounts.add_credential(row)

        def open_ones() -> list[int]:
            found = ((row, tx.accounts.credential(row.kind, row.secret_digest)) for row in held)
            return [int(row.id[1:]) for row, now in found if now and now.revoked_at is None]

        tx.accounts.revoke_kind(each_world.clinic_id, "token", "u1", NOON)
        assert open_ones() == [2, 3, 4, 5]
        tx.accounts.revoke_kind(each_world.clinic_id, "token", None, NOON)
        assert open_ones() == [2, 3, 5]
