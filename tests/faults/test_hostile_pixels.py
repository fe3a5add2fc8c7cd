"""Files made to bring a decoder down end as a sentence, and whoever asked goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from porion.pixels.crew import Crew
from porion.pixels.darkroom import NATIVE, Darkroom
from porion.services.errors import Busy, Unshowable
from porion.services.pixel_ports import Held
from porion.store.derived import DerivedFiles
from tests.faults.hostile_pixels import hostile_files
from tests.pixels.pictures import drawn, ramp, written

MEMORY = 400 << 20


@contextmanager
def no_scratch() -> Iterator[Path]:
    raise AssertionError
    yield


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    made = Crew(2, memory=MEMORY)
    yield made
    made.close()


def test_two_hundred_hostile_files(crew: Crew, tmp_path: Path) -> None:
    darkroom = Darkroom(crew, lambda _clinic, name: tmp_path / name, no_scratch, DerivedFiles(tmp_path / "d"))
    shown, refused = 0, []
    for number, (what, content) in enumerate(hostile_files()):
        name = f"{number}.dcm"
        (tmp_path / name).write_bytes(content)
        for ask in (darkroom.thumbnail, lambda held: list(darkroom.frames(held, [1], NATIVE))):
            try:
                ask(Held("clinic", name))
                shown += 1
            except Unshowable as error:
                refused.append((what, str(error)))
        (tmp_path / name).unlink()
    assert number == 199
    assert len(refused) > 200
    for what, sentence in refused:
        assert sentence.endswith("."), what
        assert "Traceback" not in sentence
        assert str(tmp_path) not in sentence
    sound = written(tmp_path, drawn(ramp()))
    assert darkroom.thumbnail(Held("clinic", sound.name)).startswith(b"\xff\xd8")


def test_a_worker_has_so_much_memory_and_no_more(tmp_path: Path) -> None:
    crew = Crew(1, memory=64 << 20)
    try:
        large = written(tmp_path, drawn(ramp(8000, 8000)))
        asked = {"path": str(large), "rendering": {}, "window": None}
        with pytest.raises(Unshowable, match="memory"):
            crew("rendered", asked, 60)
        small = {**asked, "path": str(written(tmp_path, drawn(ramp())))}
        assert crew("rendered", small, 60)
    finally:
        crew.close()


def test_a_worker_has_so_much_time_and_no_more(tmp_path: Path) -> None:
    """A pipe that nobody writes into stands for a stream that leads in circles."""
    sound, endless = written(tmp_path, drawn(ramp())), tmp_path / "endless.dcm"
    os.mkfifo(endless)
    crew = Crew(1)
    try:
        with pytest.raises(Unshowable, match="longer than 1 s"):
            crew("coded", _first(endless), 1)
        assert crew("coded", _first(sound), 60)
    finally:
        crew.close()


def test_who_cannot_be_served_hears_so_at_once(tmp_path: Path) -> None:
    sound, endless = written(tmp_path, drawn(ramp())), tmp_path / "endless.dcm"
    os.mkfifo(endless)
    crew = Crew(1, waiting=0)

    def occupy() -> str:
        while True:
            try:
                crew("coded", _first(endless), 3)
            except Busy:
                continue
            except Unshowable as error:
                return str(error)

    def until_busy() -> str:
        while True:
            try:
                crew("coded", _first(sound), 60)
            except Busy as error:
                return str(error)

    try:
        with ThreadPoolExecutor(1) as other:
            occupied = other.submit(occupy)
            assert "try again" in until_busy()
            assert "longer than 3 s" in occupied.result()
    finally:
        crew.close()


def test_pictures_do_not_wait_for_volumes(tmp_path: Path) -> None:
    """What may take minutes has a worker of its own."""
    sound, endless = written(tmp_path, drawn(ramp())), tmp_path / "endless.dcm"
    os.mkfifo(endless)
    crew = Crew(1)
    try:
        with ThreadPoolExecutor(1) as other:
            volume = other.submit(crew, "coded", _first(endless), 61)
            assert crew("coded", _first(sound), 60)
            assert crew("coded", _first(sound), 60)
            assert not volume.done()
            with endless.open("wb"):
                pass
            assert volume.exception(60) is not None
    finally:
        crew.close()


def _first(path: Path) -> dict[str, object]:
    return {"path": str(path), "numbers": [1]}
