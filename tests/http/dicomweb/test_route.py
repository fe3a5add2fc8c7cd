from __future__ import annotations

from tests.http.house import House


def test_what_is_no_uid_is_nobody_s_address(house: House) -> None:
    assert house.holder().get("/dicom-web/studies/a%20b/series").status_code == 400


def test_nobody_gets_in(house: House) -> None:
    assert house.nobody().get("/dicom-web/studies").status_code == 401
