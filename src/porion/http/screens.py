"""The addresses of the page's screens: each answers with the page, which shows what the address names."""

from __future__ import annotations

SCREENS = (
    "/",
    "/setup",
    "/inbox",
    "/inbox/{shown_id}",
    "/patients",
    "/patients/{shown_id}",
    "/images/{shown_id}",
    "/import",
    "/worklist",
    "/exposures",
    "/jobs",
    "/pacs",
    "/devices",
    "/devices/{shown_id}",
    "/users",
    "/audit",
    "/settings",
)
ASSETS = "/assets/{name}"
"""Scripts, styles and pictures under names that change with their content."""

PAGE_ROUTES = tuple(f"GET {path}" for path in (*SCREENS, ASSETS))
