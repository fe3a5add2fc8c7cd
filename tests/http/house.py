"""A clinic behind its HTTP door, and people who call it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from porion.clinic.patient import Patient
from porion.clinic.permissions import Role, operator
from porion.dicom.person import Identifier, PersonName
from porion.folder.csv_rows import parse_patients
from porion.folder.walk import unpack
from porion.http.app import create_app
from porion.http.door import Door, HttpSettings, PatientTable
from porion.services.accounts import create_token, create_user
from porion.services.import_patients import RegisterRow
from porion.services.patients import add_patient
from porion.services.records import CredentialRow
from tests.asked import no_nodes
from tests.builders import a_panoramic
from tests.world import World, a_porion, bring

HOST = "http://localhost"
PASSWORD = "correct horse battery"
SETTINGS = HttpSettings(hosts=frozenset({"localhost"}), secure_cookies=False, stream_seconds=0)


@dataclass
class Attempts:
    """Lets so many attempts pass under each key."""

    most: int = 1_000_000
    made: Counter[str] = field(default_factory=Counter)

    def __call__(self, key: str) -> bool:
        self.made[key] += 1
        return self.made[key] <= self.most


@dataclass(frozen=True)
class House:
    """A clinic, its application, and clients for whoever calls."""

    world: World
    attempts: Attempts
    scratch: Path
    app: FastAPI

    def with_settings(self, **changes: object) -> House:
        """The same clinic behind a door with other settings."""
        settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
        return replace(self, app=create_app(a_door(self.world, self.scratch, settings)))

    def nobody(self, base_url: str = HOST) -> TestClient:
        """Somebody who is not signed in."""
        return TestClient(self.app, base_url=base_url)

    def an_account(self, role: Role, clinic_id: str | None = None) -> str:
        """A new user with that role; answers the e-mail address."""
        by = operator("operator", clinic_id or self.world.clinic_id)
        email = f"{role}-{self.world.porion.new_id()}@clinic.example"
        return create_user(self.world.porion, by, email, role, PASSWORD).email

    def holder(self, role: Role = Role.ADMIN, clinic_id: str | None = None) -> TestClient:
        """Somebody with that role, who calls with an API token."""
        email = self.an_account(role, clinic_id)
        by = operator("operator", clinic_id or self.world.clinic_id)
        _, secret = create_token(self.world.porion, by, "test", email)
        return TestClient(self.app, base_url=HOST, headers={"Authorization": f"Bearer {secret}"})

    def signed_in(self, role: Role = Role.ADMIN) -> TestClient:
        """Somebody with that role, who signed in and calls with the cookie."""
        client = self.nobody()
        answer = client.post("/api/session", json={"email": self.an_account(role), "password": PASSWORD})
        assert answer.status_code == 201
        return client

    def another_clinic(self) -> str:
        """One more clinic in the same deployment."""
        clinic_id = self.world.porion.new_id()
        with self.world.porion.store.write("") as tx:
            tx.accounts.add_clinic(clinic_id, "Other Street", self.world.porion.now())
        return clinic_id

    def setup_secret(self) -> str:
        """The secret of a one-time link for the first administrator."""
        porion, secret = self.world.porion, self.world.porion.new_secret()
        link = CredentialRow(
            id=porion.new_id(),
            clinic_id=self.world.clinic_id,
            kind="setup",
            name="first administrator",
            secret_digest=hashlib.sha256(secret.encode()).hexdigest(),
            created_at=porion.now(),
            expires_at=porion.now() + timedelta(hours=24),
        )
        with porion.store.write(self.world.clinic_id) as tx:
            tx.accounts.add_credential(link)
        return secret

    def a_pending_item(self, **overrides: Any) -> tuple[str, str]:
        """A panoramic that waits: its item and its image."""
        (outcome,) = bring(self.world, a_panoramic(**overrides))
        assert outcome.image_id
        with self.world.porion.store.read(self.world.clinic_id) as tx:
            image = tx.imaging.image(outcome.image_id)
            assert image
            return image.item_id, image.id


def register_anna(house: House) -> str:
    """Anna Beispiel, whom the builders' images claim, in the register; answers her identifier."""
    anna = Patient("", PersonName("Beispiel", "Anna"), date(2012, 4, 3), "F", (Identifier("P-1", "CLINIC"),))
    return add_patient(house.world.porion, house.world.admin, anna).id


def a_house(tmp_path: Path) -> House:
    """A Porion with one empty clinic behind its HTTP door."""
    attempts, scratch = Attempts(), tmp_path / "scratch"
    scratch.mkdir()
    world = a_porion(tmp_path, limiter=attempts)
    return House(world, attempts, scratch, create_app(a_door(world, scratch, SETTINGS)))


def a_door(world: World, scratch: Path, settings: HttpSettings) -> Door:
    """The door of a clinic under test."""
    return Door(
        porion=world.porion,
        unpack=partial(unpack, scratch=scratch),
        read_csv=read_csv,
        scratch=scratch,
        settings=settings,
        remotes=no_nodes(),
    )


def read_csv(data: bytes) -> PatientTable:
    """A table as the composition root hands it over."""
    table = parse_patients(data)
    rows = tuple(RegisterRow(row.number, row.claim, row.problems) for row in table.rows)
    return PatientTable(table.encoding, table.delimiter, table.date_format, table.ignored, rows)
