from __future__ import annotations

import pytest

from porion.dicom.greyscale import Window
from porion.http.dicomweb.drawing import rendering_of
from porion.services.pixel_ports import Rendering


@pytest.mark.parametrize(
    ("asked", "rendering"),
    [
        ({}, Rendering(picture="image/png")),
        ({"window": "40,400"}, Rendering(picture="image/png", window=Window(40, 400))),
        ({"window": "1,2,sigmoid"}, Rendering(picture="image/png", window=Window(1, 2, "SIGMOID"))),
        ({"viewport": "10,20"}, Rendering(picture="image/png", size=(10, 20))),
        ({"viewport": "10,20,,,,"}, Rendering(picture="image/png", size=(10, 20))),
        (
            {"viewport": "10,20,1,2,3,4"},
            Rendering(picture="image/png", size=(10, 20), region=(1, 2, 3, 4)),
        ),
        ({"quality": "50"}, Rendering(picture="image/png", quality=50)),
        ({"annotation": "patient", "iccprofile": "no"}, Rendering(picture="image/png")),
    ],
)
def test_a_query_says_how_a_picture_is_drawn(asked: dict[str, str], rendering: Rendering) -> None:
    assert rendering_of(asked, "image/png") == rendering
