"""The manifest names what a program needs, and what it must not do."""

from __future__ import annotations

from porion.http.volume_shapes import NOT_HOUNSFIELD, VolumeManifest


def test_what_the_description_promises() -> None:
    described = VolumeManifest.model_json_schema(by_alias=True)["properties"]
    assert "LPS" in described["coordinates"]["description"]
    assert "place" in described["affine"]["description"]
    assert "not Hounsfield" in NOT_HOUNSFIELD
