"""Rights by their words."""

from __future__ import annotations

import pytest

from porion.services.errors import Invalid
from porion.services.rights import MEANINGS, Right, rights_of


def test_rights_come_in_the_order_of_the_table() -> None:
    assert rights_of(["retrieve", "query", "query"]) == ["query", "retrieve"]
    assert rights_of([]) == []


def test_another_word_is_no_right() -> None:
    with pytest.raises(Invalid, match="no right 'everything': choose among query, retrieve, pending"):
        rights_of(["query", "everything"])


def test_each_right_says_what_it_allows() -> None:
    assert set(MEANINGS) == set(Right)
