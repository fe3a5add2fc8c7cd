"""What one receiver process allows and how long it waits; the conformance statement shows this table."""

from __future__ import annotations

from dataclasses import dataclass, field

from porion.dimse.protocol.upper_layer import Lengths


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts; ``lengths`` are those of PDUs.

    ``artim`` is PS3.8's timer: for the first A-ASSOCIATE-RQ, and for the peer's closing. ``pdu`` is for a
    whole PDU once its first byte has come, longer ones may take ``least_rate``. ``idle`` is for silence
    between PDUs. ``farewell`` is how long what a peer still sends is thrown away after an A-ABORT, so that
    it can read it. ``knocking`` counts connections without an association: beyond it the oldest of the
    busiest address is closed. ``reserve`` is for devices that have no association yet.
    """

    lengths: Lengths = field(default_factory=Lengths)
    artim: float = 30.0
    handshake: float = 10.0
    pdu: float = 15.0
    idle: float = 60.0
    least_rate: float = 1_000.0
    grace: float = 30.0
    farewell: float = 1.0
    stopping: float = 30.0
    knocking: int = 64
    associations: int = 96
    per_device: int = 48
    reserve: int = 16
    data_set: int = 1 << 20
