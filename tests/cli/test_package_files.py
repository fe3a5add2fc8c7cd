"""Every file of two public collections goes through ``porion import``: none crashes it, none is lost."""

from __future__ import annotations

import hashlib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.cli.archived import archived_files, data_set_digest, quarantined_files
from tests.cli.desk import Desk

FOLDERS = [
    Path(str(files("pydicom") / "data" / "test_files")),
    Path(str(files("pydicom") / "data" / "charset_files")),
    Path(str(files("data_store") / "data")),
]
SOURCES = sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.is_file())
KEPT = {"pending", "conflict", "duplicate"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="module")
def first(desk: Desk) -> list[Any]:
    return desk.do("import", *FOLDERS, "--json").lines


@pytest.fixture(scope="module")
def second(desk: Desk, first: list[Any]) -> list[Any]:
    return desk.do("import", *FOLDERS, "--json").lines


def test_each_file_has_exactly_one_line(first: list[Any]) -> None:
    assert len(SOURCES) > 200
    assert Counter(line["path"] for line in first[:-1]) == Counter(map(str, SOURCES))
    assert sum(first[-1]["summary"].values()) == len(SOURCES)


def test_what_was_not_taken_has_a_reason(first: list[Any]) -> None:
    assert all(
        line["reason"] for line in first[:-1] if line["outcome"] in {"skipped", "quarantined", "conflict"}
    )


def test_only_what_is_no_instance_is_skipped(first: list[Any]) -> None:
    skipped = {Path(line["path"]).name for line in first[:-1] if line["outcome"] == "skipped"}
    assert not [name for name in skipped if name.endswith(".dcm") and not name.startswith("DICOMDIR")]


def test_a_second_run_finds_only_what_it_knows(first: list[Any], second: list[Any]) -> None:
    known = {line["path"]: "duplicate" if line["outcome"] in KEPT else line["outcome"] for line in first[:-1]}
    assert {line["path"]: line["outcome"] for line in second[:-1]} == known


def test_every_data_set_is_archived_byte_for_byte(desk: Desk, first: list[Any]) -> None:
    archived = {path.stem: data_set_digest(path.read_bytes()) for path in archived_files(desk.data)}
    assert all(name == digest for name, digest in archived.items())
    kept = [Path(line["path"]) for line in first[:-1] if line["outcome"] in KEPT]
    assert len(kept) > 150
    assert {data_set_digest(path.read_bytes()) for path in kept} == set(archived)


def test_what_is_in_quarantine_is_the_whole_file(desk: Desk, first: list[Any]) -> None:
    sources = [Path(line["path"]) for line in first[:-1] if line["outcome"] == "quarantined"]
    held = {hashlib.sha256(path.read_bytes()).hexdigest() for path in quarantined_files(desk.data)}
    assert held == {hashlib.sha256(_without_preamble(path.read_bytes())).hexdigest() for path in sources}


def _without_preamble(content: bytes) -> bytes:
    """The file as the spool keeps it: a preamble can be a program, and is zeroed."""
    return bytes(128) + content[128:] if content[128:132] == b"DICM" else content


def test_every_instance_is_in_exactly_one_state(desk: Desk, second: list[Any]) -> None:
    assert not list((desk.data / "spool").iterdir())
    items = desk.do("pending", "list", "--status", "all", "--limit", "1000", "--json").lines
    images = [image["id"] for item in items for image in item["images"]]
    assert len(images) == len(set(images)) > 50
    assert {item["status"] for item in items} == {"pending"}


def test_every_file_can_be_inspected_or_says_why_not(desk: Desk) -> None:
    for path in SOURCES:
        said = desk.run("inspect", path, "--json")
        assert said.status in {0, 3}, path
        assert ("error" in said.document) == (said.status == 3), path
