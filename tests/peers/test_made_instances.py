"""What Porion makes of instances, held against DICOM's validator and DCMTK's own decoders."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from porion.emulator.devices import CONE_BEAM, images, visits
from porion.emulator.people import people
from porion.pixels.darkroom import HTJ2K, NATIVE, OFFERED
from porion.pixels.decode import opened
from porion.pixels.enhance import enhanced
from porion.pixels.render import rendered
from porion.pixels.transcode import transcoded
from porion.services.pixel_ports import Rendering
from tests.pixels.grids import told_series
from tests.pixels.pictures import drawn, ramp, written

JPEG_LS = "1.2.840.10008.1.2.4.80"


def errors_of(path: Path) -> list[str]:
    found = subprocess.run(["dciodvfy", str(path)], capture_output=True, timeout=120, check=False)
    told = (found.stdout + found.stderr).decode("latin-1")
    return [line for line in told.splitlines() if line.startswith("Error")]


@pytest.mark.peer("dciodvfy")
def test_a_converted_series_has_no_error(tmp_path: Path) -> None:
    made = tmp_path / "made.dcm"
    enhanced([written(tmp_path, one) for one in told_series(6)], made)
    assert errors_of(made) == []


@pytest.mark.peer("dciodvfy")
def test_a_series_of_the_emulated_cone_beam_unit_has_no_error(tmp_path: Path) -> None:
    someone = people(1, 2026, 3)
    visit = next(iter(visits([CONE_BEAM], someone, 1)))
    paths = [written(tmp_path, one) for one in images(visit, 4)]
    enhanced(paths, tmp_path / "made.dcm", 24.0)
    assert errors_of(tmp_path / "made.dcm") == []


@pytest.mark.peer("dciodvfy")
@pytest.mark.parametrize("transfer_syntax", [one for one in OFFERED if one != HTJ2K])  # It knows none.
def test_transcoding_makes_no_error(tmp_path: Path, transfer_syntax: str) -> None:
    path, made = written(tmp_path, drawn(ramp(), BitsStored=12)), tmp_path / "made.dcm"
    transcoded(path, made, transfer_syntax)
    assert set(errors_of(made)) <= set(errors_of(path))


@pytest.mark.peer("dcmdjpls")
def test_dcmtk_reads_the_same_pixels(tmp_path: Path) -> None:
    pixels = np.stack([ramp(), ramp()[::-1]])
    made, back = tmp_path / "made.dcm", tmp_path / "back.dcm"
    transcoded(written(tmp_path, drawn(pixels, BitsStored=12)), made, JPEG_LS)
    subprocess.run(["dcmdjpls", str(made), str(back)], timeout=60, check=True)
    read = pydicom.dcmread(back)
    assert read.file_meta.TransferSyntaxUID == NATIVE
    assert np.array_equal(read.pixel_array, pixels)


@pytest.mark.peer("dcmcjpeg")
def test_dcmtks_lossless_jpeg_is_read(tmp_path: Path) -> None:
    pixels = np.stack([ramp(), ramp()[::-1]])
    coded, back = tmp_path / "coded.dcm", tmp_path / "back.dcm"
    path = written(tmp_path, drawn(pixels, BitsStored=12))
    subprocess.run(["dcmcjpeg", "+e1", str(path), str(coded)], timeout=60, check=True)
    transcoded(coded, back, NATIVE)
    assert np.array_equal(pydicom.dcmread(back).pixel_array, pixels)


@pytest.mark.peer("dcmj2pnm")
@pytest.mark.parametrize(
    "look",
    [
        {},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"RescaleSlope": "2", "RescaleIntercept": "-1000", "WindowCenter": "3000", "WindowWidth": "5000"},
        {"VOILUTFunction": "SIGMOID"},
    ],
)
def test_dcmtk_draws_the_same_greys(tmp_path: Path, look: dict[str, str]) -> None:
    window = {"WindowCenter": "1800", "WindowWidth": "2500", "RescaleSlope": "1", "RescaleIntercept": "0"}
    path = written(tmp_path, drawn(ramp(50, 60), BitsStored=12, **{**window, **look}))
    drawn_by_dcmtk = tmp_path / "drawn.pgm"
    subprocess.run(["dcmj2pnm", "+Wi", "1", "+opb", str(path), str(drawn_by_dcmtk)], timeout=60, check=True)
    with opened(path) as stored:
        ours = Image.open(BytesIO(rendered(stored, Rendering(picture="image/png"))))
    theirs = Image.open(drawn_by_dcmtk)
    assert ours.size == theirs.size
    assert np.abs(np.asarray(ours).astype(int) - np.asarray(theirs).astype(int)).max() <= 1
