"""Volumes for other programs, and what cannot be said in their forms."""

from __future__ import annotations

import gzip
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from porion.clinic.permissions import Actor
from porion.services.convert import open_enhanced, open_nifti
from porion.services.errors import Conflict, NotFound, NotPermitted
from porion.services.pixel_ports import Held
from porion.services.trail import read_trail
from porion.services.volumes import read_volume
from tests.builders import a_cbct_series, a_cbct_slice, a_panoramic, an_enhanced_ct
from tests.pixels.grids import told_series, told_voxels
from tests.world import World, a_porion, another_clinic


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_porion(tmp_path)


def brought(world: World, *files: Dataset) -> str:
    image_id = world.bring(*files)[-1].image_id
    assert image_id
    return image_id


def test_a_series_as_one_instance(world: World) -> None:
    image_id = brought(world, *told_series(4)[::-1])
    with open_enhanced(world.porion, world.actor, image_id) as file:
        made = pydicom.dcmread(file)
    assert made.NumberOfFrames == 4
    assert sorted(made.pixel_array[:, 0, 0]) == [0, 1000, 2000, 3000]
    assert not list((world.data / "scratch").iterdir())
    (link,) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=image_id)
    assert (link.action, link.detail) == ("volume exported", {"form": "enhanced CT"})


def test_the_one_instance_is_the_same_volume_when_it_comes_in(world: World) -> None:
    image_id = brought(world, *told_series(5))
    with open_enhanced(world.porion, world.actor, image_id) as file:
        again = world.bring(file.read())[0].image_id
    assert again
    series, instance = (read_volume(world.porion, world.clinic_id, one) for one in (image_id, again))
    assert (instance.sentence, instance.placed_by) == (series.sentence, "positions")
    assert series.affine is not None
    assert instance.affine is not None
    assert np.allclose(series.affine, instance.affine, atol=1e-4)
    assert (instance.look.slope, instance.look.intercept) == (2, -1000)
    for one, other in zip(series.frames, instance.frames, strict=True):
        pixels = [
            next(world.porion.pixels.frames(Held(world.clinic_id, frame.instance.digest), [frame.number]))
            for frame in (one, other)
        ]
        assert pixels[0].data == pixels[1].data


def test_a_volume_as_nifti(world: World, tmp_path: Path) -> None:
    image_id = brought(world, *told_series(4)[::-1])
    with open_nifti(world.porion, world.actor, image_id) as file:
        (tmp_path / "made.nii").write_bytes(gzip.decompress(file.read()))
    made = nibabel.load(tmp_path / "made.nii")
    assert isinstance(made, nibabel.nifti1.Nifti1Image)
    assert np.array_equal(made.dataobj.get_unscaled(), told_voxels(4).transpose(2, 1, 0))
    assert made.header["descrip"].tobytes().rstrip(b"\0") == b"Grey values, not HU"


def test_frames_of_one_instance_as_nifti(world: World, tmp_path: Path) -> None:
    made = an_enhanced_ct(3)
    made.PixelData = np.arange(3 * 4 * 8, dtype="<u2").tobytes()
    made.PerFrameFunctionalGroupsSequence = list(reversed(made.PerFrameFunctionalGroupsSequence))
    with open_nifti(world.porion, world.actor, brought(world, made)) as file:
        (tmp_path / "made.nii.gz").write_bytes(file.read())
    found = nibabel.load(tmp_path / "made.nii.gz")
    assert isinstance(found, nibabel.nifti1.Nifti1Image)
    assert found.dataobj.get_unscaled()[0, 0].tolist() == [64, 32, 0]


def test_what_is_assumed_is_said_in_the_file(world: World) -> None:
    made = a_cbct_slice(1, NumberOfFrames=3, SliceThickness="0.2")
    del made.ImagePositionPatient
    with open_nifti(world.porion, world.actor, brought(world, made)) as file:
        assert b"Grey values, not HU; assumed from SliceThickness" in gzip.decompress(file.read())


def test_an_incomplete_volume_is_no_nifti_and_still_an_instance(world: World) -> None:
    series = told_series(6)
    image_id = brought(world, *series[:2], *series[3:])
    with pytest.raises(Conflict, match="incomplete: 1 of 6 missing"):
        open_nifti(world.porion, world.actor, image_id)
    with open_enhanced(world.porion, world.actor, image_id) as file:
        assert pydicom.dcmread(file).NumberOfFrames == 5


def test_uneven_slices_are_no_nifti(world: World) -> None:
    series = told_series(5)
    series[3].ImagePositionPatient = [f"{float(x) + 0.12:g}" for x in series[3].ImagePositionPatient]
    with pytest.raises(Conflict, match="uneven spacing"):
        open_nifti(world.porion, world.actor, brought(world, *series))


def test_what_is_no_series_of_slices_says_what_it_is(world: World) -> None:
    with pytest.raises(Conflict, match="single picture: fetch its file"):
        open_enhanced(world.porion, world.actor, brought(world, a_panoramic()))
    with pytest.raises(Conflict, match="single picture"):
        open_nifti(world.porion, world.actor, brought(world, a_panoramic(2)))
    with pytest.raises(Conflict, match="multi-frame instance already"):
        open_enhanced(world.porion, world.actor, brought(world, an_enhanced_ct()))
    other = a_cbct_series(3, SOPClassUID="1.2.840.10008.5.1.4.1.1.4", Modality="MR", study="mr")
    with pytest.raises(Conflict, match="Only slices of CT Image Storage"):
        open_enhanced(world.porion, world.actor, brought(world, *other))


def test_only_those_who_may_and_only_in_their_clinic(world: World) -> None:
    image_id = brought(world, *told_series(3))
    for convert in (open_enhanced, open_nifti):
        with pytest.raises(NotPermitted):
            convert(world.porion, Actor("nobody", world.clinic_id, frozenset()), image_id)
        with pytest.raises(NotFound):
            convert(world.porion, another_clinic(world).actor, image_id)
