"""Values as people see them; the expected numbers are worked out from the standard's formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.display import displayed, fitting_window, usable_window, windowed
from porion.dicom.greyscale import Greyscale, Lut, Window

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


def lut(first: int, bits: int, *entries: int) -> Lut:
    return Lut(first, bits, np.array(entries, dtype=np.uint16))


@pytest.mark.parametrize(
    ("window", "values", "expected"),
    [
        # PS3.3 C.11.2.1.2.1, the notes: 2048/4096 maps 0 to 0 and 4095 to 255; 0/100 maps -50 and 49.
        (Window(2048, 4096), [0, 4095, 2047, 2048], [0, 255, 127, 128]),
        (Window(0, 100), [-51, -50, 49, 60], [0, 0, 255, 255]),
        (Window(2048, 1), [2047, 2048], [0, 255]),
        # C.11.2.1.3.2: exact, from center - width/2 to center + width/2.
        (Window(0, 100, "LINEAR_EXACT"), [-50, 0, 50, 25], [0, 128, 255, 191]),
        # C.11.2.1.3.1: 255 / (1 + exp(-4 (x - c) / w)).
        (Window(0, 100, "SIGMOID"), [0, 100, -100, 10**6], [128, 250, 5, 255]),
    ],
)
def test_windows(window: Window, values: list[int], expected: list[int]) -> None:
    assert windowed(np.array(values), window).tolist() == expected


def test_a_file_that_says_nothing_is_spread_over_the_greys() -> None:
    shown = displayed(RAMP, Greyscale())
    assert (shown.min(), shown.max()) == (0, 255)
    assert abs(int(np.median(shown)) - 128) <= 1


def test_the_files_window_is_believed() -> None:
    shown = displayed(RAMP, Greyscale(windows=(Window(2048, 4096),)))
    assert shown.ravel().tolist() == windowed(RAMP, Window(2048, 4096)).ravel().tolist()


@pytest.mark.parametrize(
    "hides",
    [
        Window(128, 256),  # of 8 bits, over 12-bit values: a white sheet
        Window(32768, 65536),  # of 16 bits: almost black everywhere
        Window(-5000, 100),
        Window(50_000, 10),
        Window(3000, 1),  # a silhouette
    ],
)
def test_a_window_that_hides_the_image_is_not(hides: Window) -> None:
    grey = Greyscale(windows=(hides,))
    assert usable_window(RAMP, grey) == fitting_window(RAMP)
    assert displayed(RAMP, grey).std() > 60


def test_a_slice_of_nothing_but_air_stays_black() -> None:
    air = (RAMP % 40).astype(np.uint16)
    bone = Greyscale(windows=(Window(2500, 2000),), possible=(0, 4095), of_many=True)
    assert displayed(air, bone).max() == 0


def test_a_window_that_blinds_a_volume_or_shows_no_possible_value_is_not_believed() -> None:
    grey = {"possible": (0, 4095), "of_many": True}
    for hides in (Window(-300, 100), Window(32768, 200)):
        assert usable_window(RAMP, Greyscale(windows=(hides,), **grey)) == fitting_window(RAMP)  # type: ignore[arg-type]


def test_the_next_window_is_tried() -> None:
    grey = Greyscale(windows=(Window(128, 256), Window(2048, 4096)))
    assert usable_window(RAMP, grey) == Window(2048, 4096)


def test_what_a_person_chose_stands() -> None:
    chosen = Window(10, 20)
    assert displayed(RAMP, Greyscale(windows=(Window(2048, 4096),)), chosen).ravel()[100] == 255


def test_a_constant_image_is_no_reason_to_doubt_its_window() -> None:
    flat = np.full((4, 4), 300, np.uint16)
    assert usable_window(flat, Greyscale(windows=(Window(2048, 4096),))) == Window(2048, 4096)
    assert displayed(flat, Greyscale()).shape == (4, 4)


def test_low_values_are_bright_where_the_file_says_so() -> None:
    window = (Window(2048, 4096),)
    straight = displayed(RAMP, Greyscale(windows=window))
    assert np.array_equal(displayed(RAMP, Greyscale(windows=window, inverted=True)), 255 - straight)


def test_rescaled_values_are_windowed() -> None:
    grey = Greyscale(slope=2, intercept=-4096, windows=(Window(0, 8192),))
    assert displayed(RAMP, grey).ravel()[[0, 2048, 4095]].tolist() == [0, 128, 255]


def test_a_modality_table_comes_first_and_ends_in_its_last_entries() -> None:
    stored = np.array([[0, 1, 2, 3]], dtype=np.uint16)
    grey = Greyscale(lut=lut(1, 16, 100, 200), windows=(Window(150.5, 100, "LINEAR_EXACT"),))
    assert displayed(stored, grey).tolist() == [[0, 0, 254, 254]]


def test_a_voi_table_is_brought_to_eight_bits() -> None:
    stored = np.array([[0, 1, 2]], dtype=np.uint16)
    assert displayed(stored, Greyscale(luts=(lut(0, 12, 0, 2048, 4095),))).tolist() == [[0, 128, 255]]


def test_a_palette_has_three_colours() -> None:
    stored = np.array([[0, 1]], dtype=np.uint8)
    palette = (lut(0, 8, 1, 2), lut(0, 8, 3, 4), lut(0, 16, 0, 65535))
    assert displayed(stored, Greyscale(palette=palette)).tolist() == [[[1, 3, 0], [2, 4, 255]]]


def test_padding_is_black_and_judges_nothing() -> None:
    stored = RAMP.copy()
    stored[:32] = 60_000
    shown = displayed(stored, Greyscale(padding=(60_000, 60_000)))
    assert shown[:32].max() == 0
    assert shown[32:].std() > 60


@given(
    st.lists(st.integers(-(2**15), 2**15 - 1), min_size=1, max_size=50),
    st.floats(-1e9, 1e9),
    st.floats(1, 1e9),
    st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
)
def test_a_window_never_turns_the_order_round(
    values: list[int], center: float, width: float, function: str
) -> None:
    shown = windowed(np.array(sorted(values), np.int16), Window(center, width, function))  # type: ignore[arg-type]
    assert (np.diff(shown.astype(int)) >= 0).all()
