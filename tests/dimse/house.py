"""A DICOM server in this process, and somebody who sends to it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydicom.dataset import Dataset, FileMetaDataset
from pynetdicom import AE, build_context
from pynetdicom.association import Association

from porion.dimse.call import Service
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Listener, WayOut
from porion.dimse.limits import Limits
from porion.dimse.protocol.items import ProposedContext, UserInformation
from porion.dimse.protocol.pdus import AssociateRequest
from porion.dimse.protocol.upper_layer import Role, UpperLayer
from porion.dimse.server import Server
from porion.services.devices import add_device, list_devices
from porion.services.records import DeviceRow
from tests.world import World

Services = Callable[[int, str], Service | None]
CT, ECHO = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.1"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"


@dataclass
class House:
    """A world whose server listens at ``port``."""

    world: World
    port: int
    server: Server
    thread: threading.Thread
    peers: list[Raw] = field(default_factory=list)

    @contextmanager
    def association(
        self, *classes: str, calling: str = "PAN1", called: str = "PORION", syntaxes: list[str] | None = None
    ) -> Iterator[Association]:
        """pynetdicom's association with us, released at the end."""
        entity = AE(ae_title=calling)
        contexts = [build_context(one, syntaxes or [EXPLICIT, IMPLICIT]) for one in classes]
        held = entity.associate("127.0.0.1", self.port, contexts=contexts, ae_title=called)
        try:
            yield held
        finally:
            if held.is_established:
                held.release()
            entity.shutdown()

    def send(self, *data_sets: Dataset, **more: str) -> list[int]:
        """Send over one association; the status of each."""
        with self.association(*{one.SOPClassUID for one in data_sets}, **more) as held:
            assert held.is_established
            return [int(held.send_c_store(_as_sent(one)).Status) for one in data_sets]

    def device(self, title: str = "PAN1") -> DeviceRow:
        """The device of that title."""
        rows = list_devices(self.world.porion, self.world.actor)
        return next(row for row in rows if row.ae_title == title)

    def raw(self) -> Raw:
        """A peer that sends what it likes."""
        self.peers.append(Raw(socket.create_connection(("127.0.0.1", self.port), 30)))
        return self.peers[-1]

    def stop(self) -> None:
        """Stop, and wait until everybody has gone."""
        self.server.stop()
        self.thread.join(60)
        assert not self.thread.is_alive()


class Raw:
    """A connection of bytes, with the requestor's protocol at hand."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.layer = UpperLayer(Role.REQUESTOR)
        self._events = iter(())

    def associate(self, *classes: str, calling: str = "PAN1", called: str = "PORION") -> Raw:
        """Ask for an association and hear the answer."""
        contexts = tuple(
            ProposedContext(2 * n + 1, one, (EXPLICIT, IMPLICIT)) for n, one in enumerate(classes)
        )
        user = UserInformation(maximum_length=16_384, implementation_class_uid="1.2.3")
        self.layer.associate(AssociateRequest(called, calling, contexts, user))
        self.flush()
        self.answer = self.next()
        return self

    def flush(self) -> None:
        """Send what the protocol has to say."""
        self.socket.sendall(self.layer.output())

    def next(self) -> object:
        """The next event; None when the connection has ended."""
        while True:
            for event in self.layer.events():
                return event
            try:
                count = self.socket.recv_into(self.layer.room())
            except ConnectionError:
                count = 0
            if not count:
                return None
            self.layer.received(count)

    def close(self) -> None:
        """Go without a word."""
        self.socket.close()


@contextmanager
def nobody_there() -> Iterator[int]:
    """A port at which nobody listens, and that nobody else gets meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _as_sent(data_set: Dataset) -> Dataset:
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = EXPLICIT
    return data_set


@contextmanager
def a_house(
    world: World,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
    services: Services = service_for,
    way_out: WayOut | None = None,
) -> Iterator[House]:
    """The server runs in a thread; PAN1 is an approved device on this machine."""
    add_device(world.porion, world.actor, "PAN1", "127.0.0.1/32", "Panoramic unit")
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = Server(Door(world.porion, services, limits or Limits(), way_out), [Listener(listener, tls)])
        thread = threading.Thread(target=server.run)
        thread.start()
        house = House(world, listener.getsockname()[1], server, thread)
        try:
            yield house
        finally:
            if thread.is_alive():
                house.stop()
            for peer in house.peers:
                peer.close()
