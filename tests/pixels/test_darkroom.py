"""Frames, pictures and files of archived instances, whatever they are held in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from porion.pixels import plugins
from porion.pixels.darkroom import NATIVE, OFFERED
from porion.pixels.encode import ENCODERS
from porion.services.errors import NotFound, NotOffered, StorageFailed, Unshowable
from porion.services.pixel_ports import Held, Rendering
from tests.pixels.pictures import Pixels, drawn, kept, ramp
from tests.world import World, a_porion


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_porion(tmp_path)


def three_frames() -> Pixels:
    return np.stack([ramp(), ramp()[::-1], np.full_like(ramp(), 7)])


def test_native_frames_are_the_bytes_of_the_file(world: World) -> None:
    held = kept(world, drawn(three_frames(), BitsStored=12))
    frames = list(world.porion.pixels.frames(held, [3, 1]))
    assert [frame.number for frame in frames] == [3, 1]
    assert [frame.transfer_syntax for frame in frames] == [NATIVE, NATIVE]
    assert frames[0].data == three_frames()[2].tobytes()
    assert frames[1].data == three_frames()[0].tobytes()


def test_what_is_offered_is_what_can_be_encoded(world: World) -> None:
    assert tuple(ENCODERS) == OFFERED == tuple(world.porion.pixels.offered())


@pytest.mark.parametrize("transfer_syntax", OFFERED)
def test_a_file_in_another_transfer_syntax_shows_the_same(world: World, transfer_syntax: str) -> None:
    plugins.register()
    held = kept(world, drawn(three_frames(), BitsStored=12))
    with world.porion.pixels.file(held, transfer_syntax) as file:
        read = pydicom.dcmread(BytesIO(file.read()))
    assert read.file_meta.TransferSyntaxUID == transfer_syntax
    assert np.array_equal(read.pixel_array, three_frames())
    assert (read.PatientName, read.SOPInstanceUID) == ("Beispiel^Anna", drawn(ramp()).SOPInstanceUID)


@pytest.mark.parametrize("transfer_syntax", [one for one in OFFERED if one != NATIVE])
def test_what_is_held_compressed_comes_as_it_is_or_decoded(world: World, transfer_syntax: str) -> None:
    native = kept(world, drawn(three_frames(), BitsStored=12))
    with world.porion.pixels.file(native, transfer_syntax) as file:
        read = pydicom.dcmread(BytesIO(file.read()))
    read.SOPInstanceUID = read.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    out = BytesIO()
    read.save_as(out)
    held = kept(world, out.getvalue())
    (original,) = world.porion.pixels.frames(held, [2])
    (again,) = world.porion.pixels.frames(native, [2], transfer_syntax)
    (decoded,) = world.porion.pixels.frames(held, [2], NATIVE)
    assert (original.transfer_syntax, original.data.rstrip(b"\0")) == (
        transfer_syntax,
        again.data.rstrip(b"\0"),
    )
    assert decoded.data == three_frames()[1].tobytes()


def test_a_picture_is_fitted_into_its_box(world: World) -> None:
    held = kept(world, drawn(ramp(300, 600)))
    picture = Image.open(BytesIO(world.porion.pixels.rendered(held, Rendering(picture="image/png"))))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (600, 300), "L")
    thumbnail = Image.open(BytesIO(world.porion.pixels.thumbnail(held)))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (256, 128))


def test_a_frame_that_is_not_there_is_said_before_the_first_is_given(world: World) -> None:
    held = kept(world, drawn(ramp()))
    with pytest.raises(NotFound, match="no frame 2: the instance has 1"):
        world.porion.pixels.frames(held, [1, 2])
    with pytest.raises(NotFound, match="lost the file"):
        world.porion.pixels.thumbnail(Held(world.clinic_id, "f" * 64))


def test_a_file_that_goes_while_it_is_read_or_cannot_be_read_is_said(world: World) -> None:
    held = kept(world, drawn(three_frames()))
    path = world.archive.path(held.clinic_id, held.digest)
    frames = world.porion.pixels.frames(held, [1, 2])
    next(frames)
    path.unlink()
    with pytest.raises(NotFound, match="lost the file"):
        next(frames)
    path.mkdir()
    with pytest.raises(StorageFailed, match="cannot read"):
        next(world.porion.pixels.frames(held, [1]))


def test_a_form_that_is_not_made_is_said_with_those_that_are(world: World) -> None:
    held = kept(world, drawn(ramp()))
    with pytest.raises(NotOffered, match=r"1\.2\.840\.10008\.1\.2\.4\.201"):
        world.porion.pixels.frames(held, [1], "1.2.840.10008.1.2.4.57")


def test_pixels_that_are_cut_off_are_said_to_be(world: World) -> None:
    made = drawn(ramp())
    made.add_new(0x7FE00010, "OW", bytes(100))
    held = kept(world, made)
    with pytest.raises(Unshowable, match="Frame 1 of 1 is not in the file"):
        list(world.porion.pixels.frames(held, [1]))
    with pytest.raises(Unshowable, match="Frame 1 of 1 is not in the file"):
        world.porion.pixels.thumbnail(held)
