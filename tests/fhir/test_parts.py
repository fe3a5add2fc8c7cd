"""Parts of resources, whatever shape they have."""

from __future__ import annotations

import pytest

from porion.fhir.parts import list_in, object_in, objects_in


@pytest.mark.parametrize("value", [None, "text", 7, [1, "x", {"a": 1}], {"a": 1}])
def test_a_part_has_the_shape_that_is_asked_for(value: object) -> None:
    stated = {"part": value}
    assert object_in(stated, "part") == (value if isinstance(value, dict) else {})
    assert list_in(stated, "part") == (value if isinstance(value, list) else [])
    assert objects_in(stated, "part") == ([{"a": 1}] if isinstance(value, list) else [])
    assert object_in({}, "part") == {}
