from __future__ import annotations

import hashlib

import sqlalchemy as sa

from porion.clinic.blocks import block_keys, terms
from porion.dicom.person import PersonName
from porion.store.patient_index import INDEX_VERSION, keys_of
from porion.store.register_index import bring_up
from porion.store.schema import patient_counts, patient_keys, register_index
from tests.clinic.families import a_clinic
from tests.clinic.people import a_patient, an_id
from tests.services.scenes import BERTA, register
from tests.world import World

MADE_BY = {4: "ff520f0fb7dc0395"}
"""What the code of each version makes of the clinic below: other keys must be another version's."""


def test_other_keys_are_another_versions() -> None:
    odd = [
        a_patient(birth_date=None),
        a_patient("van der Berg-Müller", "Søren Åke", aliases=(PersonName("", "Анна"),)),
        a_patient("", "佐藤", identifiers=(an_id("A-0017", ""),)),
    ]
    made = hashlib.sha256()
    for one in (*a_clinic(200), *odd):
        made.update(repr((sorted(keys_of(one)), sorted(terms(one)))).encode())

    assert {INDEX_VERSION: made.hexdigest()[:16]} == MADE_BY


def test_patients_are_indexed_anew_when_the_code_makes_other_keys(each_world: World) -> None:
    world = each_world
    anna, berta = register(world), register(world, BERTA)
    with world.engine.begin() as connection:
        before = [sorted(connection.execute(sa.select(table))) for table in (patient_keys, patient_counts)]
        some = sa.select(sa.func.max(patient_keys.c.key)).scalar_subquery()
        connection.execute(sa.delete(patient_keys).where(patient_keys.c.key == some))
        connection.execute(sa.insert(patient_keys).values(key=7, patient=bytes.fromhex(anna.id)))
        connection.execute(sa.update(register_index).values(version=1))

    bring_up(world.engine)

    with world.engine.connect() as connection:
        after = [sorted(connection.execute(sa.select(table))) for table in (patient_keys, patient_counts)]
        assert connection.scalars(sa.select(register_index.c.version)).all() == [INDEX_VERSION]
    assert after == before
    with world.porion.store.read(world.clinic_id) as tx:
        for one in (anna, berta):
            assert all(one in tx.patients.find([key]) for key in block_keys(one))


def test_nothing_is_touched_when_the_keys_are_this_versions(world: World) -> None:
    register(world)
    with world.engine.begin() as connection:
        connection.execute(sa.delete(patient_keys))

    bring_up(world.engine)

    with world.engine.connect() as connection:
        assert connection.execute(sa.select(patient_keys)).all() == []
