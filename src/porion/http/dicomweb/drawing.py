"""How a picture is wanted: window, size, region and quality out of a query (PS3.18 section 8.3.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from starlette.exceptions import HTTPException

from porion.dicom.greyscale import Function, Window
from porion.services.pixel_ports import Picture, Rendering

PICTURES = ("image/jpeg", "image/png")
_LARGEST = 8192
_FUNCTIONS = {"linear": "LINEAR", "linear-exact": "LINEAR_EXACT", "sigmoid": "SIGMOID"}


def rendering_of(asked: Mapping[str, str], kind: str) -> Rendering:
    """The rendering; 400 for what makes no sense. Annotations and colour profiles are not drawn."""
    size, region = _viewport(asked.get("viewport"))
    return Rendering(
        picture=cast("Picture", kind),
        window=window_of(asked.get("window")),
        size=size,
        region=region,
        quality=quality_of(asked.get("quality")),
    )


def window_of(text: str | None) -> Window | None:
    """Centre, width and function (section 8.3.5.1.4)."""
    if text is None:
        return None
    parts = text.split(",")
    function = _FUNCTIONS.get((parts[2] if len(parts) == 3 else "linear").strip().lower())
    if len(parts) not in (2, 3) or function is None:
        raise HTTPException(400, "window is centre,width or centre,width,linear (or linear-exact, sigmoid).")
    centre, width = (_number("window", part) for part in parts[:2])
    if width <= 0:
        raise HTTPException(400, "The window's width is above 0.")
    return Window(centre, width, cast("Function", function))


def quality_of(text: str | None) -> int:
    """From 1 to 100 (section 8.3.5.1.2)."""
    if text is None:
        return 90
    quality = _number("quality", text)
    if not 1 <= quality <= 100:
        raise HTTPException(400, "quality is from 1 to 100.")
    return int(quality)


def _viewport(text: str | None) -> tuple[tuple[int, int] | None, tuple[int, int, int, int] | None]:
    """Width and height to fit into, and the region of the frame that is wanted (section 8.3.5.1.3)."""
    if text is None:
        return None, None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (2, 6):
        raise HTTPException(400, "viewport is width,height or width,height,x,y,width,height.")
    width, height = (size_of("viewport", part) for part in parts[:2])
    if len(parts) == 2 or not all(parts[4:]):
        return (width, height), None
    return (width, height), _region(parts[2:])


def _region(parts: Sequence[str]) -> tuple[int, int, int, int]:
    left, top, across, down = (int(_number("viewport", part or "0")) for part in parts)
    if min(left, top) < 0 or not across or not down:
        raise HTTPException(400, "The viewport's region lies within the image.")
    # A negative extent would mirror the picture, which nobody may do to a radiograph unseen.
    if min(across, down) < 0:
        raise HTTPException(400, "Mirrored pictures are not drawn.")
    return left, top, across, down


def size_of(name: str, text: str) -> int:
    """A number of pixels."""
    size = int(_number(name, text))
    if not 1 <= size <= _LARGEST:
        raise HTTPException(400, f"{name}: a side has from 1 to {_LARGEST} pixels.")
    return size


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise HTTPException(400, f"{name} is made of numbers.") from None
    if not abs(number) < 1e12:
        raise HTTPException(400, f"{name} is made of numbers within reason.")
    return number
