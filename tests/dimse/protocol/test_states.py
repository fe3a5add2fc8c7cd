"""The state table held against an independent copy of the standard's."""

from __future__ import annotations

import pytest
from pynetdicom import fsm

from porion.dimse.protocol.errors import LocalError
from porion.dimse.protocol.states import TABLE, Occurrence, State, transition

# An action's next state, where pynetdicom decides it within the action.
_ENDS = {"AE-6": 3, "AR-8": 9}


@pytest.mark.parametrize("event", range(1, 20))
@pytest.mark.parametrize("state", range(1, 14))
def test_every_cell_is_the_standards(event: int, state: int) -> None:
    action = fsm.TRANSITION_TABLE.get((f"Evt{event}", f"Sta{state}"))
    if action is None:
        assert (event, state) not in TABLE
        return
    name = action.replace("_", "-")
    told = fsm.ACTIONS[name][2] if name in fsm.ACTIONS else fsm.ACTIONS[action][2]
    ours = TABLE[event, state]
    assert ours[0] == name
    follows = [int(one.removeprefix("Sta")) for one in ([told] if isinstance(told, str) else told)]
    assert ours[1] in follows


def test_what_has_no_cell_is_our_own_mistake() -> None:
    with pytest.raises(LocalError, match="P_DATA_REQUEST cannot happen in state 2"):
        transition(Occurrence.P_DATA_REQUEST, State.AWAIT_ASSOCIATE_RQ)
