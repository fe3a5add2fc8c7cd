"""Calibrations over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_lateral_ceph
from tests.http.house import House
from tests.world import bring

RULER = {"start": {"x": 10, "y": 20}, "end": {"x": 510, "y": 20}, "mm": 45}


@pytest.fixture
def address(house: House) -> str:
    ceph = a_lateral_ceph(Rows=600, Columns=800, PixelData=b"\0" * (600 * 800 * 2))
    return f"/api/imaging/images/{bring(house.world, ceph)[0].image_id}"


def test_a_scale_is_measured_shown_and_taken_back(address: str, admin: TestClient) -> None:
    answer = admin.post(f"{address}/calibrations", json=RULER)
    assert answer.status_code == 201
    found = answer.json()
    assert (found["pixelSpacing"]["mm"], found["pixelSpacing"]["basis"]) == ([0.09, 0.09], "calibrated")
    (item,) = found["items"]
    assert {name: item[name] for name in RULER} == RULER
    assert (item["frame"], item["undone"], item["spacing"]) == (1, False, [0.09, 0.09])
    assert admin.get(address).json()["pixelSpacing"]["basis"] == "calibrated"
    undone = admin.post(f"/api/imaging/decisions/{item['decisionId']}/undo")
    assert (undone.status_code, undone.json()["kind"]) == (200, "undo")
    after = admin.get(f"{address}/calibrations").json()
    assert (after["pixelSpacing"]["basis"], after["items"][0]["undone"]) == ("detector", True)


@pytest.mark.parametrize(
    "changed",
    [
        {"mm": 0},
        {"mm": 5000},
        {"mm": "NaN"},
        {"frame": 0},
        {"end": {"x": 1e9, "y": 0}},
        {"end": {"x": 12, "y": 20}},
    ],
)
def test_a_ruler_that_cannot_be_is_a_problem_document(
    address: str, admin: TestClient, changed: dict[str, Any]
) -> None:
    answer = admin.post(f"{address}/calibrations", json={**RULER, **changed})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:porion:problem:invalid")
    assert admin.get(address).json()["pixelSpacing"]["basis"] == "detector"
