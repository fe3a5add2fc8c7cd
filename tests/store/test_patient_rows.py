from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porion.clinic.blocks import block_keys, lookup_keys, terms
from porion.clinic.matching import match
from porion.clinic.patient import Patient
from porion.clinic.register import MemoryRegister
from porion.clinic.shortlist import LARGEST_BLOCK, LONGEST
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from tests.clinic.families import a_clinic
from tests.services.scenes import ANNA, BERTA
from tests.store.plans import asked
from tests.world import NOON, World, another_clinic

CLAIM = ClaimedIdentity(ANNA.name, identifiers=ANNA.identifiers, birth_date=ANNA.birth_date, sex="F")


def patient(number: int, like: Patient = ANNA, **changes: Any) -> Patient:
    return replace(like, id=f"{number:032d}", **changes)


def test_the_register_in_tables_and_the_one_in_memory_propose_the_same(each_world: World) -> None:
    patients = [patient(number, one) for number, one in enumerate(a_clinic(80))]
    memory = MemoryRegister(patients)
    claims = [
        ClaimedIdentity(one.name, identifiers=one.identifiers[:1], birth_date=one.birth_date)
        for one in patients
    ]
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for one in patients:
            tx.patients.add(one, NOON)
        assert tx.patients.size() == memory.size()
        proposed = [match(claim, tx.patients) for claim in claims[:20]]
        assert proposed == [match(claim, memory) for claim in claims[:20]]
        assert all(proposed)


def test_patients_are_found_by_any_of_their_keys_until_too_many_share_it(each_world: World) -> None:
    namesakes = [patient(number, identifiers=(Identifier(str(number)),)) for number in range(3)]
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for one in (*namesakes, patient(9, BERTA)):
            tx.patients.add(one, NOON)
        keys = sorted(block_keys(ANNA))
        assert sorted(tx.patients.find(keys), key=lambda one: one.id) == namesakes
        assert tx.patients.find([]) == tx.patients.find(["no such key"]) == []
        shared = sorted(terms(ANNA))
        assert dict(tx.patients.frequency(shared)) == dict.fromkeys(shared, 3)


def test_patients_are_known_by_their_identifiers_merged_ones_too(each_world: World) -> None:
    anna, merged = patient(1), patient(2, BERTA, merged_into=patient(1).id)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for one in (anna, merged):
            tx.patients.add(one, NOON)
        assert tx.patients.by_id([anna.id, merged.id, "nobody"]) == {anna.id: anna, merged.id: merged}
        assert tx.patients.by_id([]) == {}
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.patients.by_id([anna.id]) == {}


CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "merge"]), st.integers(0, 5), st.sampled_from([ANNA, BERTA])),
    max_size=12,
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_counts_follow_every_change_of_the_register(
    each_world: World, changes: list[tuple[str, int, Patient]]
) -> None:
    with each_world.porion.store.rehearse(each_world.clinic_id) as tx:
        for kind, number, like in changes:
            held = tx.patients.get(f"{number:032d}")
            wanted = patient(number, like, identifiers=())
            if held is None:
                tx.patients.add(wanted, NOON)
            elif kind == "edit":
                tx.patients.replace(replace(wanted, version=held.version + 1), held.version, NOON)
            elif kind == "merge" and (other := tx.patients.get(f"{0:032d}")) and other.id != held.id:
                gone = replace(held, merged_into=other.id, version=held.version + 1)
                tx.patients.replace(gone, held.version, NOON)
        memory = MemoryRegister(tx.patients.list(None, None, 100))
        known = sorted(terms(ANNA) | terms(BERTA))
        assert tx.patients.size() == memory.size()
        assert {one: tx.patients.frequency(known)[one] for one in known} == memory.frequency(known)


def test_a_block_of_too_many_selects_nobody_and_the_others_still_do(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for number in range(LARGEST_BLOCK + 1):
            tx.patients.add(Patient(f"{number:032x}", PersonName("Twin")), NOON)
        crowd = sorted(block_keys(Patient("", PersonName("Twin"))))
        rare = replace(patient(1, BERTA), id="f" * 32)
        tx.patients.add(rare, NOON)

        assert tx.patients.find(crowd) == []
        assert tx.patients.find([*crowd, *sorted(block_keys(rare))]) == [rare]


def test_a_merged_patient_is_found_by_nothing_but_the_identifier_of_the_row(each_world: World) -> None:
    anna, berta = patient(1), patient(2, BERTA)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for one in (anna, berta):
            tx.patients.add(one, NOON)
        gone = replace(anna, merged_into=berta.id, version=2)
        assert tx.patients.replace(gone, 1, NOON)
        assert tx.patients.get(anna.id) == gone
        assert tx.patients.find(sorted(block_keys(anna))) == []
        assert tx.patients.by_identifier("CLINIC", "P-1") == []
        assert not any(tx.patients.frequency(sorted(terms(anna))).values())
        assert match(CLAIM, tx.patients) == ()
        assert (tx.patients.size(), tx.patients.list("anna", None, 9)) == (1, [])


def test_an_older_version_changes_nothing(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.patients.add(patient(1), NOON)
        renamed = patient(1, name=PersonName("Neu"), version=2)
        assert not tx.patients.replace(renamed, 2, NOON)
        assert tx.patients.by_identifier("CLINIC", "P-1") == [patient(1)]
        assert tx.patients.replace(renamed, 1, NOON)
        assert tx.patients.by_identifier("CLINIC", "P-1") == [renamed]


def test_an_identifier_counts_within_its_issuer(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.patients.add(patient(1, identifiers=(Identifier("1", "A"), Identifier("2"))), NOON)
        found = {
            (issuer, value): len(tx.patients.by_identifier(issuer, value))
            for issuer in "A "
            for value in "12"
        }
        assert found == {("A", "1"): 1, ("A", "2"): 0, (" ", "1"): 0, (" ", "2"): 0}
        assert len(tx.patients.by_identifier("", "2")) == 1


def test_a_name_of_many_words_is_looked_up_under_all_its_keys(each_world: World) -> None:
    words = [f"{start}xyz" for start in "abcdefghijklmnopqrst"]
    claim = ClaimedIdentity(
        PersonName(" ".join(words[:10]), " ".join(words[10:])), birth_date=ANNA.birth_date
    )
    keys = lookup_keys(claim)
    assert len(keys) > 500
    named = patient(1, Patient("", PersonName("jxyz", "txyz"), ANNA.birth_date))
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.patients.add(named, NOON)
        assert tx.patients.find(keys) == tx.patients.find(keys[-1:]) == [named]
        assert [one.patient for one in match(claim, tx.patients)] == [named]


def test_no_statement_of_the_matcher_reads_a_whole_table(world: World) -> None:
    with world.porion.store.write(world.clinic_id) as tx:
        for number, one in enumerate(a_clinic(60)):
            tx.patients.add(patient(number, one), NOON)
    with asked(world.engine) as told, world.porion.store.read(world.clinic_id) as tx:
        for claim in (CLAIM, replace(CLAIM, birth_date=None, identifiers=()), ClaimedIdentity(ANNA.name)):
            match(claim, tx.patients)
        many = sorted(key for number in range(60) for key in block_keys(a_clinic(60)[number]))
        assert len(tx.patients.find(many)) == LONGEST

    selects = {one for one in told if one.startswith("SELECT")}
    assert len(selects) >= 3
    with world.engine.connect() as connection:
        for statement in selects:
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            assert [step for step in steps if step.startswith("SCAN") and "block" not in step] == []
            assert any("USING" in step for step in steps)
            # An index by the clinic alone is one through all of its patients.
            assert [step for step in steps if step.endswith("(clinic_id=?)")] == []
