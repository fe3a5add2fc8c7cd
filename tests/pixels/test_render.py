"""Pictures of frames."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from porion.dicom.greyscale import Window
from porion.dicom.pixel_form import NoPixels
from porion.pixels.decode import Pixels, opened
from porion.pixels.render import fitted, rendered
from porion.services.pixel_ports import Rendering
from tests.builders import data_set
from tests.pixels.pictures import drawn, ramp, written

_Size = tuple[int, int]


def picture(directory: Path, pixels: Pixels, wanted: Rendering, **overrides: object) -> Image.Image:
    with opened(written(directory, drawn(pixels, **overrides))) as stored:
        return Image.open(BytesIO(rendered(stored, wanted)))


def grey(directory: Path, pixels: Pixels, **overrides: object) -> list[int]:
    drawn_grey = picture(directory, pixels, Rendering(picture="image/png"), **overrides)
    return np.asarray(drawn_grey).ravel().tolist()


def test_the_files_window_draws(tmp_path: Path) -> None:
    pixels = np.array([[0, 1024, 2048, 4095]], np.uint16)
    assert grey(tmp_path, pixels, WindowCenter="2048", WindowWidth="4096") == [0, 64, 128, 255]


def test_monochrome1_is_turned_round(tmp_path: Path) -> None:
    pixels = np.array([[0, 1024, 2048, 4095]], np.uint16)
    window = {"WindowCenter": "2048", "WindowWidth": "4096"}
    assert grey(tmp_path, pixels, PhotometricInterpretation="MONOCHROME1", **window) == [255, 191, 127, 0]


def test_an_8_bit_window_on_12_bits_does_not_blind(tmp_path: Path) -> None:
    shown = grey(tmp_path, ramp(), WindowCenter="128", WindowWidth="256")
    assert 100 < np.mean(shown) < 156


def test_a_chosen_window(tmp_path: Path) -> None:
    wanted = Rendering(picture="image/png", window=Window(100, 10))
    shown = np.asarray(picture(tmp_path, np.array([[0, 90, 110, 4095]], np.uint16), wanted))
    assert shown.ravel().tolist() == [0, 0, 255, 255]


def test_a_voi_table(tmp_path: Path) -> None:
    item = data_set(LUTDescriptor=[2, 0, 8])
    item.add_new(0x00283006, "US", [10, 200])
    assert grey(tmp_path, np.array([[0, 1, 9]], np.uint16), VOILUTSequence=[item]) == [10, 200, 200]


def test_colour_and_deep_colour(tmp_path: Path) -> None:
    pixels = np.array([[[255, 0, 10], [0, 255, 20]]], np.uint8)
    shown = picture(tmp_path, pixels, Rendering(picture="image/png"))
    assert (shown.mode, np.asarray(shown).tolist()) == ("RGB", pixels.tolist())
    deep = picture(tmp_path, pixels.astype(np.uint16) << 8, Rendering(picture="image/png"), BitsStored=16)
    assert np.asarray(deep).tolist() == pixels.tolist()


def test_a_region_and_a_box(tmp_path: Path) -> None:
    wanted = Rendering(region=(10, 5, 20, 10), size=(100, 100))
    assert picture(tmp_path, ramp(), wanted).size == (100, 50)
    with pytest.raises(NoPixels, match="outside the frame of 40 x 24 pixels"):
        picture(tmp_path, ramp(), Rendering(region=(40, 0, 5, 5)))


@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [
        ((600, 300), (256, 256), (256, 128)),
        ((300, 600), (256, 256), (128, 256)),
        ((10, 10), (100, 50), (50, 50)),
        ((60_000, 10), (256, 256), (256, 1)),
        ((100, 100), (10**9, 10**9), (4096, 4096)),
    ],
)
def test_a_box_keeps_the_shape(
    size: tuple[int, int], box: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert fitted(size, box) == expected
