from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import Form
from porion.http.dicomweb.frame_parts import MOST_FRAMES, kind_of, numbers_in
from porion.services.pixel_ports import Frame


def test_a_list_of_frames_is_read() -> None:
    assert numbers_in("3,1") == [3, 1]
    assert len(numbers_in(",".join(["1"] * MOST_FRAMES))) == MOST_FRAMES
    with pytest.raises(HTTPException) as refused:
        numbers_in(",".join(["1"] * (MOST_FRAMES + 1)))
    assert refused.value.status_code == 400


def test_a_frame_s_type_says_its_transfer_syntax() -> None:
    form = Form(("*",), ("",), multipart=True)
    frame = Frame(1, "1.2.840.10008.1.2.4.80", b"")
    assert kind_of(frame, form) == "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"
