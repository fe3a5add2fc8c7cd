"""Parts of a resource that may be missing or of another shape than they ought to be."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]


def object_in(stated: Resource, key: str) -> Resource:
    """The object under a key, an empty one where there is none."""
    value = stated.get(key)
    return value if isinstance(value, dict) else {}


def list_in(stated: Resource, key: str) -> list[Any]:
    """The list under a key, an empty one where there is none."""
    value = stated.get(key)
    return value if isinstance(value, list) else []


def objects_in(stated: Resource, key: str) -> list[Resource]:
    """The objects of the list under a key."""
    return [one for one in list_in(stated, key) if isinstance(one, dict)]
