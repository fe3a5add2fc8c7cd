from __future__ import annotations

from porion.services.records import LinkingSourceRow, Origin, column_names, columns
from tests.world import NOON

SOURCE = LinkingSourceRow("a|b", unattended=True, one_in=9, linked=0, changed_by="anna", changed_at=NOON)


def test_the_columns_of_a_record_are_its_fields_in_order() -> None:
    assert column_names(LinkingSourceRow) == (
        "source_key",
        "unattended",
        "one_in",
        "linked",
        "changed_by",
        "changed_at",
        "stopped",
    )
    assert columns(SOURCE) == {
        "source_key": "a|b",
        "unattended": True,
        "one_in": 9,
        "linked": 0,
        "changed_by": "anna",
        "changed_at": NOON,
        "stopped": "",
    }
    assert LinkingSourceRow(**columns(SOURCE)) == SOURCE


def test_columns_hold_the_values_themselves() -> None:
    label = "a/b.dcm"
    assert columns(Origin("http", label))["label"] is label
