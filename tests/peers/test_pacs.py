"""Query at every level and retrieve in every way from PACS of the field, plain and over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from porion.cli.identities import identity_of
from porion.cli.settings import read_settings
from porion.dimse.remote import DimseNodes
from porion.services.nodes import NodeChange, add_node, see_node, try_node
from porion.services.query import Asked, Found, Outcome, query
from porion.services.remote_ports import Level, Remotes
from porion.services.retrieval import Request, ask_retrieve, retrieve_kind
from tests.asked import remotes
from tests.builders import a_cbct_series, a_panoramic
from tests.cli.desk import Desk
from tests.dimse.house import a_house
from tests.peers.pacs import PLUGIN, Opener, Pacs, a_dcmqrscp, a_qrscp, an_orthanc, behind_tls
from tests.services.retrieving import Hands
from tests.services.scenes import counts, register
from tests.world import World

PEERS: dict[str, Opener] = {"Orthanc": an_orthanc, "dcmqrscp": a_dcmqrscp, "qrscp": a_qrscp}
NAMES = {"Latin": ("ISO_IR 100", "Müller^Jörg"), "Cyrillic": ("ISO_IR 144", "Иванов^Иван")}


@dataclass(frozen=True)
class AtNode:
    """A PACS with a volume of four slices and panoramics, as a node of a clinic."""

    world: World
    remotes: Remotes
    pacs: Pacs
    images: list[Dataset]

    def query(self, level: Level, **keys: str) -> list[Found]:
        told = list(query(self.world.porion, self.remotes, self.world.actor, Asked(("PACS",), level, keys)))
        assert [one.error for one in told if isinstance(one, Outcome)] == [None]
        return [one for one in told if isinstance(one, Found)]

    def retrieve(self, study: str, **more: str) -> Any:
        job = ask_retrieve(self.world.porion, self.world.actor, Request("PACS", study, **more))
        return retrieve_kind(self.world.porion, self.remotes).run(Hands(self.world, job))


def the_images() -> list[Dataset]:
    made = [
        *a_cbct_series(4),
        a_panoramic(1),
        *(
            a_panoramic(n, study=name, SpecificCharacterSet=term, PatientName=text, PatientID=name)
            for n, (name, (term, text)) in enumerate(NAMES.items(), 2)
        ),
    ]
    for one in made:
        one.file_meta = FileMetaDataset()
        one.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    return made


@pytest.fixture(params=[(name, tls) for name in PEERS for tls in (False, True)], ids=str)
def asked(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> Iterator[AtNode]:
    name, tls = request.param
    if name != "qrscp":
        request.node.add_marker(pytest.mark.peer(name))
    images = the_images()
    with (
        a_house(world) as house,
        PEERS[name](tmp_path / "pacs", images, house.port) as pacs,
        as_a_node(world, pacs, tmp_path, tls=tls) as (ways, port),
    ):
        yield AtNode(world, ways, replace(pacs, port=port), images)


@contextmanager
def as_a_node(world: World, pacs: Pacs, folder: Path, *, tls: bool) -> Iterator[tuple[Remotes, int]]:
    if not tls:
        change = NodeChange("PACS", "PACS", "127.0.0.1", pacs.port, may_be_local=True)
        add_node(world.porion, remotes(), world.actor, change)
        yield remotes(), pacs.port
        return
    Desk(folder / "keys").do("certificates", "init", "--host", "127.0.0.1")
    identity = identity_of(read_settings(folder / "keys"))
    ways = replace(remotes(), dimse=DimseNodes(lambda: identity))
    with behind_tls(pacs.port, identity) as port:
        change = NodeChange("PACS", "PACS", "127.0.0.1", port, tls=True, may_be_local=True)
        add_node(world.porion, ways, world.actor, change)
        yield ways, port


def test_what_it_can_do_is_found_out(asked: AtNode) -> None:
    row = try_node(asked.world.porion, asked.remotes, asked.world.actor, "PACS")
    works = {name for name, why in row.abilities.items() if why is None}
    assert {"echo", "find", "get", "move"} <= works


def test_it_is_queried_at_every_level(asked: AtNode) -> None:
    anna = register(asked.world)
    first = asked.images[0]
    patients = asked.query(Level.PATIENT, PatientName="*")
    assert len(patients) == 3
    studies = asked.query(Level.STUDY, PatientID=str(first.PatientID))
    assert {one.attributes.text("StudyInstanceUID") for one in studies} >= {str(first.StudyInstanceUID)}
    assert all(one.patient_id == anna.id for one in studies)
    series = asked.query(Level.SERIES, StudyInstanceUID=str(first.StudyInstanceUID))
    assert [one.attributes.text("SeriesInstanceUID") for one in series] == [str(first.SeriesInstanceUID)]
    keys = {
        "StudyInstanceUID": str(first.StudyInstanceUID),
        "SeriesInstanceUID": str(first.SeriesInstanceUID),
    }
    instances = asked.query(Level.IMAGE, **keys)
    assert len(instances) == 4
    assert {one.held for one in instances} == {0}


def test_names_in_their_character_sets_come_right(asked: AtNode, request: pytest.FixtureRequest) -> None:
    found = {
        one.attributes.text("PatientID"): one.attributes.text("PatientName")
        for one in asked.query(Level.STUDY)
    }
    # qrscp answers in Latin-1, and puts question marks for every other letter.
    kept = {"Latin"} if "qrscp'" in request.node.name and "dcmqrscp" not in request.node.name else set(NAMES)
    assert {name: found.get(name) for name in kept} == {name: NAMES[name][1] for name in kept}


@pytest.mark.parametrize("way", ["get", "move"])
def test_a_study_is_retrieved(asked: AtNode, way: str) -> None:
    world, first = asked.world, asked.images[0]
    row = try_node(world.porion, asked.remotes, world.actor, "PACS")
    other = "get" if way == "move" else "move"
    with world.porion.store.write(world.clinic_id) as tx:
        tx.nodes.save(replace(row, abilities={**row.abilities, other: "not in this test"}))
    result = asked.retrieve(str(first.StudyInstanceUID))
    assert (result["way"], result["held"], result["expected"], result["refused"]) == (way, 4, 4, 0)
    assert counts(world) == {"pending": 4}
    # Of a study that is held in part, the rest is asked for.
    second = asked.images[4]
    assert asked.retrieve(str(second.StudyInstanceUID))["held"] >= 1


@pytest.mark.peer("Orthanc")
@pytest.mark.skipif(not PLUGIN.exists(), reason="Orthanc's DICOMweb plug-in is not installed")
def test_orthancs_dicomweb_is_queried_and_retrieved_from(world: World, tmp_path: Path) -> None:
    images = the_images()
    with an_orthanc(tmp_path / "pacs", images, 1) as pacs:
        change = NodeChange("PACS", dicomweb=pacs.web, may_be_local=True)
        add_node(world.porion, remotes(), world.actor, change)
        made = AtNode(world, remotes(), pacs, images)
        assert try_node(world.porion, remotes(), world.actor, "PACS").abilities == {
            "qido": None,
            "wado": None,
        }
        study, series = str(images[0].StudyInstanceUID), str(images[0].SeriesInstanceUID)
        (found,) = made.query(Level.STUDY, StudyInstanceUID=study)
        assert found.attributes.text("PatientName") == str(images[0].PatientName)
        assert len(made.query(Level.SERIES, StudyInstanceUID=study)) == 1
        assert len(made.query(Level.IMAGE, StudyInstanceUID=study, SeriesInstanceUID=series)) == 4
        world.bring(images[0])
        result = made.retrieve(study)
        assert (result["way"], result["held"]) == ("wado", 4)
    assert see_node(world.porion, world.actor, "PACS").abilities["wado"] is None
