"""No archive writes a file, fills the disk or stops the import; what is honest in it still arrives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Generator, Iterable
from pathlib import Path
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porion.folder.archive_zip import members
from porion.folder.caps import MIB, Caps
from porion.services.incoming import Found, Incoming, Refused, Skipped
from tests.builders import a_cbct_slice, file_bytes
from tests.folder.discs import a_media_directory
from tests.folder.hostile_zips import (
    AFTER_FIRST,
    BAD,
    DEFLATED,
    FIRST,
    GOOD,
    HOSTILE_ARCHIVES,
    HOSTILE_MEMBERS,
    TAKE_THE_HONEST_ONE_ALONG,
    End,
    Entry,
    zip_bytes,
)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A deep folder, so that a name with dots would land where the test looks."""
    folder = tmp_path / "a" / "b" / "scratch"
    folder.mkdir(parents=True)
    return folder


def archive(scratch: Path, data: bytes) -> Path:
    path = scratch.parent / "study.zip"
    path.write_bytes(data)
    return path


def packed(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def taken(scratch: Path, data: bytes, caps: Caps | None = None) -> tuple[dict[str, bytes], list[Found]]:
    """The bytes that came out by label, and the other outcomes; nothing may be left or made elsewhere."""
    path = archive(scratch, data)
    root = scratch.parents[2]
    before = sorted(root.rglob("*"))
    incoming: dict[str, bytes] = {}
    others: list[Found] = []
    for found in members(path, "study.zip", caps=caps or Caps(), scratch=scratch):
        if isinstance(found, Incoming):
            with found.open() as stream:
                incoming[found.path] = stream.read()
            assert found.size == len(incoming[found.path])
        else:
            others.append(found)
    assert sorted(root.rglob("*")) == before
    return incoming, others


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_honest_archive_gives_its_images_and_a_reason_for_the_rest(scratch: Path, method: int) -> None:
    files = [("cd/1.dcm", GOOD), ("cd/Readme.txt", b"hello"), ("cd/IMG2", BAD), ("cd/empty/", b"")]
    incoming, others = taken(scratch, packed(files, method))
    assert incoming == {"study.zip!cd/1.dcm": GOOD, "study.zip!cd/IMG2": BAD}
    assert others == [Skipped("study.zip!cd/Readme.txt", "not DICOM (looks like text)")]


def test_honest_zip64_and_streamed_archives_and_windows_names_are_read(scratch: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, made.open("large.dcm", "w", force_zip64=True) as member:
        member.write(GOOD)
    assert taken(scratch, out.getvalue())[0] == {"study.zip!large.dcm": GOOD}
    sizes_follow_the_data = zip_bytes(Entry(b"streamed.dcm", GOOD, DEFLATED, flags=8))
    assert taken(scratch, sizes_follow_the_data)[0] == {"study.zip!streamed.dcm": GOOD}
    windows = zip_bytes(Entry(b"study\\1.dcm", GOOD))
    assert taken(scratch, windows)[0] == {"study.zip!study/1.dcm": GOOD}


def test_an_image_can_be_opened_again_while_it_is_current(scratch: Path) -> None:
    outcomes = members(archive(scratch, packed([("1.dcm", GOOD), ("2.dcm", BAD)])), "x", scratch=scratch)
    current = next(outcomes)
    assert isinstance(current, Incoming)
    with current.open() as one, current.open() as two:
        one.seek(128)
        assert (one.read(4), two.read()) == (b"DICM", GOOD)


def test_a_consumer_that_stops_early_leaves_nothing_in_scratch(scratch: Path) -> None:
    outcomes = members(archive(scratch, packed([("1.dcm", GOOD), ("2.dcm", BAD)])), "x", scratch=scratch)
    assert isinstance(outcomes, Generator)
    next(outcomes)
    outcomes.close()
    assert list(scratch.iterdir()) == []


def test_at_most_one_member_lies_in_scratch(scratch: Path) -> None:
    path = archive(scratch, packed((f"{n}.dcm", GOOD) for n in range(5)))
    counts = [
        len([p for p in scratch.rglob("*") if p.is_file()]) for _ in members(path, "x", scratch=scratch)
    ]
    assert counts == [1] * 5


@pytest.mark.parametrize("case", HOSTILE_MEMBERS)
def test_a_hostile_member_is_not_taken_and_harms_no_other(scratch: Path, case: str) -> None:
    entry, words = HOSTILE_MEMBERS[case]
    incoming, others = taken(scratch, zip_bytes(FIRST, entry))
    reasons = [found.reason for found in others if isinstance(found, Skipped)]
    assert any(words in reason for reason in reasons), reasons
    assert BAD not in incoming.values()
    assert (GOOD in incoming.values()) is (case not in TAKE_THE_HONEST_ONE_ALONG)


@pytest.mark.parametrize("case", HOSTILE_ARCHIVES)
def test_a_hostile_archive_is_refused_as_a_whole(scratch: Path, case: str) -> None:
    incoming, others = taken(scratch, HOSTILE_ARCHIVES[case])
    assert incoming == {}
    assert len(others) == 1
    assert isinstance(others[0], Refused)
    assert "nothing was taken" in others[0].reason


def test_a_table_of_contents_that_turns_offsets_negative_gives_nothing(scratch: Path) -> None:
    incoming, others = taken(scratch, zip_bytes(FIRST, end=End(offset=50_000_000)))
    assert incoming == {}
    assert [type(found) for found in others] == [Skipped]


def test_there_are_sixty_hostile_archives() -> None:
    assert len(HOSTILE_MEMBERS) + len(HOSTILE_ARCHIVES) >= 60


def test_a_thousand_members_that_share_one_kernel_are_a_bomb(scratch: Path) -> None:
    kernel = Entry(b"kernel.dcm", GOOD, DEFLATED)
    quoting = [Entry(f"{n}.dcm".encode(), BAD, DEFLATED, offset=0, absent=True) for n in range(1000)]
    incoming, others = taken(scratch, zip_bytes(kernel, *quoting))
    assert incoming == {}
    assert len(others) == 1001


def test_names_are_shown_without_control_characters(scratch: Path) -> None:
    names = ["\x1b[2J\x07.dcm", "line\nbreak.dcm", "\u202egpj.dcm", "x" * 5000 + ".dcm"]
    incoming, _ = taken(scratch, packed((name, GOOD) for name in names))
    assert len(incoming) == 4
    assert all(label.isprintable() and len(label) < 400 for label in incoming)


def test_a_member_cap_keeps_what_came_before(scratch: Path) -> None:
    incoming, others = taken(scratch, packed((f"{n}.dcm", GOOD) for n in range(5)), Caps(members=3))
    assert len(incoming) == 3
    assert isinstance(others[0], Refused)
    assert "more than 3 files: 3 images were taken, 2 of 5 files were not" in others[0].reason


def test_a_byte_cap_counts_what_is_unpacked_and_keeps_what_came_before(scratch: Path) -> None:
    files = [(f"{n}.dcm", GOOD + bytes(MIB)) for n in range(5)]
    incoming, others = taken(scratch, packed(files), Caps(total=int(2.5 * MIB)))
    assert len(incoming) == 2
    assert isinstance(others[0], Refused)
    assert "2 images were taken, 3 of 5 files were not" in others[0].reason


def test_a_bomb_stops_at_its_allowance_without_filling_memory(scratch: Path) -> None:
    bomb = packed([("bomb.dcm", GOOD + bytes(64 * MIB))])
    start()
    incoming, others = taken(scratch, bomb, Caps(allowance=8 * MIB, ratio=10))
    _, peak = get_traced_memory()
    stop()
    assert incoming == {}
    assert isinstance(others[0], Refused)
    assert "more than 8 MiB" in others[0].reason
    assert peak < 16 * MIB


def test_an_honest_black_volume_that_packs_very_well_is_taken(scratch: Path) -> None:
    black = file_bytes(a_cbct_slice(1, Rows=512, Columns=512))
    files = [(f"{n}.dcm", black) for n in range(40)]
    data = packed(files)
    assert len(data) * 100 < 40 * len(black)
    incoming, others = taken(scratch, data)
    assert (len(incoming), others) == (40, [])


def test_the_rest_of_what_is_not_dicom_is_never_unpacked(scratch: Path) -> None:
    data = packed([("film.txt", b"x" * 8 * MIB), ("1.dcm", GOOD)])
    incoming, _ = taken(scratch, data, Caps(total=MIB))
    assert list(incoming) == ["study.zip!1.dcm"]


def test_an_archive_within_is_looked_into_as_deep_as_the_caps_say(scratch: Path) -> None:
    inner = packed([("1.dcm", GOOD)])
    data = packed([("inner.zip", inner), ("2.dcm", BAD)])
    incoming, others = taken(scratch, data, Caps(depth=2))
    assert incoming == {"study.zip!inner.zip!1.dcm": GOOD, "study.zip!2.dcm": BAD}
    assert others == []


def test_a_table_of_contents_with_a_million_entries_is_refused_unread(scratch: Path) -> None:
    entry = Entry(b"", b"").central(0)
    count = 12 * MIB // len(entry)
    end = zip_bytes()[:8] + b"\xff\xff\xff\xff" + (count * len(entry)).to_bytes(4, "little") + bytes(6)
    incoming, others = taken(scratch, entry * count + end)
    assert incoming == {}
    assert isinstance(others[0], Refused)
    assert "table of contents" in others[0].reason


def test_a_media_directory_is_held_against_the_members_beside_it(scratch: Path) -> None:
    directory = a_media_directory(["IMG", "1"], ["IMG", "2"])
    incoming, others = taken(
        scratch, packed([("cd/DICOMDIR", directory), ("cd/img/1", GOOD), ("img/2", BAD)])
    )
    assert len(incoming) == 2
    words = "media directory: 1 of 2 referenced files found; missing: IMG/2"
    assert others == [Skipped("study.zip!cd/DICOMDIR", words)]


def test_no_scratch_directory_is_a_refusal_not_a_crash(scratch: Path) -> None:
    path = archive(scratch, packed([("1.dcm", GOOD)]))
    (found,) = members(path, "x", scratch=scratch / "missing")
    assert isinstance(found, Refused)
    assert "nowhere to unpack" in found.reason


def test_a_missing_archive_is_a_refusal(scratch: Path) -> None:
    (found,) = members(scratch / "gone.zip", "gone.zip", scratch=scratch)
    assert isinstance(found, Refused)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_any_damage_to_an_archive_never_raises(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    made = bytearray(zip_bytes(FIRST, Entry(method=DEFLATED)))
    places = st.one_of(st.integers(AFTER_FIRST, len(made) - 1), st.integers(0, len(made) - 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=6)):
        made[place] = byte
    cut = data.draw(st.integers(0, 60))
    scratch = tmp_path_factory.mktemp("scratch")
    path = tmp_path_factory.mktemp("archive") / "x.zip"
    path.write_bytes(made[: len(made) - cut])
    assert len(list(members(path, "x", scratch=scratch))) >= 1
    assert list(scratch.iterdir()) == []


@settings(deadline=None, max_examples=200)
@given(content=st.binary(max_size=400))
def test_any_bytes_at_all_never_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("archive") / "x.zip"
    path.write_bytes(b"PK\x03\x04" + content)
    assert all(isinstance(found, Refused) for found in members(path, "x", scratch=path.parent))
