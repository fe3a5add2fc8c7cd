"""What a worker can be asked for, with plain arguments."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from porion.dicom.pixel_form import NoPixels
from porion.pixels import tasks
from porion.pixels.darkroom import NATIVE
from tests.pixels.pictures import drawn, ramp, written


def test_frames_pictures_and_files(tmp_path: Path) -> None:
    path = str(written(tmp_path, drawn(ramp())))
    assert tasks.perform("coded", {"path": path, "numbers": [1]}) == [ramp().tobytes()]
    asked = {"path": path, "numbers": [1], "transfer_syntax": NATIVE}
    assert tasks.perform("encoded", asked) == [ramp().tobytes()]
    wanted = {"frame": 1, "picture": "image/png", "size": [20, 20]}
    (picture,) = tasks.perform("rendered", {"path": path, "rendering": wanted, "window": [9, 9, "LINEAR"]})
    assert Image.open(BytesIO(picture)).size == (20, 12)
    into = tmp_path / "made"
    assert tasks.perform("transcoded", {"path": path, "into": str(into), "transfer_syntax": NATIVE}) == []
    assert pydicom.dcmread(into).PixelData == ramp().tobytes()


def test_what_takes_too_much_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large() -> None:
        raise MemoryError

    monkeypatch.setattr(tasks, "TASKS", {"large": too_large})
    with pytest.raises(NoPixels, match="more memory than a worker may have"):
        tasks.perform("large", {})
