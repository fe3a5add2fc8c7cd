"""What changed at a FHIR server since we last asked (search by _lastUpdated, FHIR R4 section 3.1.1)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from porion.fhir.bundle import apply_bundle
from porion.services.errors import Invalid, SourceFailed
from porion.services.register_feed import FeedOutcome, note_position, position_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.clinic.permissions import Actor
    from porion.fhir.parts import Resource
    from porion.services.ports import Porion

# A server may show a change later than the moment that it gives it; what comes twice changes nothing.
OVERLAP = timedelta(minutes=5)
_PAGE = 200
_MOST_PAGES = 10_000


def poll(
    porion: Porion,
    actor: Actor,
    base: str,
    fetch: Callable[[str], Resource],
    issuers: Mapping[str, str],
    since: datetime | None = None,
) -> Counter[FeedOutcome]:
    """Apply what changed at the server ``base`` since the last time; how many entries had which outcome.

    ``fetch`` gets the JSON at an address. The position is kept when everything was read: a poll that breaks
    off is done again from where the last whole one began.
    """
    base = base.rstrip("/")
    began = porion.now()
    start = since or _position(porion, actor, base)
    wanted = {"_sort": "_lastUpdated", "_count": str(_PAGE)}
    if start is not None:
        wanted["_lastUpdated"] = f"ge{(start - OVERLAP).isoformat()}"
    outcomes: Counter[FeedOutcome] = Counter()
    address: str | None = f"{base}/Patient?{urlencode(wanted)}"
    seen: set[str] = set()
    while address is not None:
        if address in seen or len(seen) >= _MOST_PAGES:
            raise SourceFailed(f"The server {base} gives the same page again and again, or too many.")
        seen.add(address)
        bundle = fetch(address)
        applied = apply_bundle(porion, actor, _matches(bundle), base, issuers)
        outcomes.update(one.outcome for one in applied)
        address = _next(bundle, base, address)
    note_position(porion, actor, base, began.astimezone(UTC).isoformat())
    return outcomes


def _position(porion: Porion, actor: Actor, base: str) -> datetime | None:
    kept = position_of(porion, actor, base)
    return datetime.fromisoformat(kept) if kept else None


def _matches(bundle: Resource) -> Resource:
    """The bundle without what the server only includes or says of the search itself."""
    entries = bundle.get("entry")
    if not isinstance(entries, list):
        return bundle
    wanted = [
        one
        for one in entries
        if not isinstance(one, dict) or (one.get("search") or {}).get("mode", "match") == "match"
    ]
    return {**bundle, "entry": wanted}


def _next(bundle: Resource, base: str, address: str) -> str | None:
    """The next page, of the same server only: the token goes nowhere else."""
    links = bundle.get("link")
    stated = [one for one in links if isinstance(one, dict)] if isinstance(links, list) else []
    url = next((str(one.get("url")) for one in stated if one.get("relation") == "next"), None)
    if url is None:
        return None
    following = urljoin(address, url)
    if urlsplit(following)[:2] != urlsplit(base)[:2]:
        raise Invalid(f"The server {base} sends us elsewhere for the next page ({following}): not followed.")
    return following
