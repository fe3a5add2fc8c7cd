from __future__ import annotations

from fastapi.testclient import TestClient

from tests.builders import a_panoramic
from tests.http.house import HOST, House
from tests.world import bring


def test_addresses_are_those_by_which_the_caller_reached_us(house: House) -> None:
    bring(house.world, a_panoramic())
    viewer = house.holder()
    elsewhere = TestClient(house.app, base_url=f"{HOST}:9000", headers=viewer.headers)
    (study,) = elsewhere.get("/dicom-web/studies").json()
    assert study["00081190"]["Value"][0].startswith(f"{HOST}:9000/dicom-web/studies/")
