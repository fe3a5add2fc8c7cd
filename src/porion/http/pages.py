"""The built page: its index at every screen's address, and its assets under names that never change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi import Path as InPath
from fastapi.responses import FileResponse, Response

from porion.http.access import GuardedRoute
from porion.http.params import TheDoor
from porion.http.screens import ASSETS, SCREENS
from porion.services.errors import NotFound, StorageFailed

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

# Decoders of pixels are WebAssembly, and start their workers from blobs. Nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_INDEX_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# A worker's own policy is that of the answer which brought it.
_ASSET_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}
_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".json": "application/json",
}
AssetName = Annotated[str, InPath(pattern=r"^[0-9A-Za-z_-][0-9A-Za-z._-]{0,199}$")]


def index(door: TheDoor) -> Response:
    """The page; which screen it shows, it reads in the address."""
    try:
        return Response(
            (door.page / "index.html").read_bytes(), headers=_INDEX_HEADERS, media_type="text/html"
        )
    except FileNotFoundError as error:
        raise StorageFailed(
            "Porion's page has not been built. In a checkout, script/page builds it; the API and the "
            "command line work without it."
        ) from error


for _path in SCREENS:
    router.get(_path)(index)


@router.get(ASSETS)
def asset(door: TheDoor, name: AssetName, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """A file of the page, compressed when the browser takes it so."""
    path = door.page / "assets" / name
    kind = _KINDS.get(path.suffix)
    if kind is None or not path.is_file():
        raise NotFound("The page has no such file; reload it.")
    packed = path.with_name(path.name + ".gz")
    if "gzip" in accept_encoding and packed.is_file():
        headers = {**_ASSET_HEADERS, "Content-Encoding": "gzip"}
        return FileResponse(packed, media_type=kind, headers=headers)
    return FileResponse(path, media_type=kind, headers=_ASSET_HEADERS)
