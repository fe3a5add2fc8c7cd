"""The state machine of PS3.8 section 9.2, as the table that the standard prints (table 9-10).

Rows are events, columns are states; a cell names the action and the state that follows. What has no
cell cannot happen: from our own side that is a :class:`LocalError`, from the network the standard has
a cell for everything.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from porion.dimse.protocol.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Mapping


class State(IntEnum):
    """PS3.8 tables 9-1 to 9-5."""

    IDLE = 1
    AWAIT_ASSOCIATE_RQ = 2
    AWAIT_LOCAL_ASSOCIATE_RESPONSE = 3
    AWAIT_TRANSPORT_OPEN = 4
    AWAIT_ASSOCIATE_AC_OR_RJ = 5
    DATA_TRANSFER = 6
    AWAIT_RELEASE_RP = 7
    AWAIT_LOCAL_RELEASE_RESPONSE = 8
    COLLISION_REQUESTOR_AWAIT_LOCAL_RESPONSE = 9
    COLLISION_ACCEPTOR_AWAIT_RELEASE_RP = 10
    COLLISION_REQUESTOR_AWAIT_RELEASE_RP = 11
    COLLISION_ACCEPTOR_AWAIT_LOCAL_RESPONSE = 12
    AWAIT_TRANSPORT_CLOSE = 13


class Occurrence(IntEnum):
    """What may happen: the events of PS3.8 table 9-10 by their numbers there."""

    ASSOCIATE_REQUEST = 1
    TRANSPORT_CONFIRMED = 2
    ASSOCIATE_AC_PDU = 3
    ASSOCIATE_RJ_PDU = 4
    TRANSPORT_INDICATED = 5
    ASSOCIATE_RQ_PDU = 6
    ASSOCIATE_RESPONSE_ACCEPT = 7
    ASSOCIATE_RESPONSE_REJECT = 8
    P_DATA_REQUEST = 9
    P_DATA_PDU = 10
    RELEASE_REQUEST = 11
    RELEASE_RQ_PDU = 12
    RELEASE_RP_PDU = 13
    RELEASE_RESPONSE = 14
    ABORT_REQUEST = 15
    ABORT_PDU = 16
    TRANSPORT_CLOSED = 17
    ARTIM_EXPIRED = 18
    INVALID_PDU = 19


# One line an event, one column a state, as PS3.8 prints it: "AE-1>4" is action AE-1, then state 4. The
# standard's "3 or 13" of AE-6 and "9 or 10" of AR-8 are decided by who acts on them.
_PRINTED = """\
    1      2       3       4      5       6       7       8       9       10       11      12      13
1   AE-1>4 -       -       -      -       -       -       -       -       -        -       -       -
2   -      -       -       AE-2>5 -       -       -       -       -       -        -       -       -
3   -      AA-1>13 AA-8>13 -      AE-3>6  AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-6>13
4   -      AA-1>13 AA-8>13 -      AE-4>1  AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-6>13
5   AE-5>2 -       -       -      -       -       -       -       -       -        -       -       -
6   -      AE-6>3  AA-8>13 -      AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-7>13
7   -      -       AE-7>6  -      -       -       -       -       -       -        -       -       -
8   -      -       AE-8>13 -      -       -       -       -       -       -        -       -       -
9   -      -       -       -      -       DT-1>6  -       AR-7>8  -       -        -       -       -
10  -      AA-1>13 AA-8>13 -      AA-8>13 DT-2>6  AR-6>7  AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-6>13
11  -      -       -       -      -       AR-1>7  -       -       -       -        -       -       -
12  -      AA-1>13 AA-8>13 -      AA-8>13 AR-2>8  AR-8>9  AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-6>13
13  -      AA-1>13 AA-8>13 -      AA-8>13 AA-8>13 AR-3>1  AA-8>13 AA-8>13 AR-10>12 AR-3>1  AA-8>13 AA-6>13
14  -      -       -       -      -       -       -       AR-4>13 AR-9>11 -        -       AR-4>13 -
15  -      -       AA-1>13 AA-2>1 AA-1>13 AA-1>13 AA-1>13 AA-1>13 AA-1>13 AA-1>13  AA-1>13 AA-1>13 -
16  -      AA-2>1  AA-3>1  -      AA-3>1  AA-3>1  AA-3>1  AA-3>1  AA-3>1  AA-3>1   AA-3>1  AA-3>1  AA-2>1
17  -      AA-5>1  AA-4>1  AA-4>1 AA-4>1  AA-4>1  AA-4>1  AA-4>1  AA-4>1  AA-4>1   AA-4>1  AA-4>1  AR-5>1
18  -      AA-2>1  -       -      -       -       -       -       -       -        -       -       AA-2>1
19  -      AA-1>13 AA-8>13 -      AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13 AA-8>13  AA-8>13 AA-8>13 AA-7>13
"""

TABLE: Mapping[tuple[int, int], tuple[str, int]] = {
    (int(event), state): (cell.split(">")[0], int(cell.split(">")[1]))
    for event, *cells in (line.split() for line in _PRINTED.splitlines()[1:])
    for state, cell in enumerate(cells, 1)
    if cell != "-"
}


def transition(occurrence: Occurrence, state: State) -> tuple[str, State]:
    """The cell of the table: an action by its name there, and the next state."""
    try:
        action, follows = TABLE[occurrence, state]
    except KeyError:
        raise LocalError(f"{occurrence.name} cannot happen in state {state.value}.") from None
    return action, State(follows)
