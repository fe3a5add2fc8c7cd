from __future__ import annotations

from porion.http.access import ACCESS
from porion.http.dicomweb.routers import DICOMWEB


def test_every_row_of_the_table_has_its_route() -> None:
    routes = {
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for router in DICOMWEB
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
    }
    assert routes == {name for name in ACCESS if " /dicom-web" in name}
