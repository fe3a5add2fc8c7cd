"""Remote nodes: for administrators."""

from datetime import datetime

from fastapi import APIRouter, Response

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape, Text
from porion.services.node_records import NodeRow, Use
from porion.services.nodes import (
    NodeChange,
    add_node,
    edit_node,
    list_nodes,
    remove_node,
    see_node,
    try_node,
)

router = APIRouter(prefix="/api/imaging/nodes", tags=["remote nodes"], route_class=GuardedRoute)


class NodeAnswer(Shape):
    """A remote node. ``abilities`` is what a test found: null for what works, else why it does not."""

    id: str
    name: str
    ae_title: str
    calling: str
    host: str
    port: int
    tls: bool
    dicomweb: str
    has_token: bool
    may_be_local: bool
    uses: list[Use]
    abilities: dict[str, str | None]
    tested_at: datetime | None
    created_at: datetime
    updated_at: datetime


class NodeList(Shape):
    """The clinic's remote nodes."""

    items: list[NodeAnswer]


class NodeEdit(Shape):
    """What is changed of a node; what is left out stays, an empty text takes it away."""

    name: Text | None = None
    ae_title: Text | None = None
    calling: Text | None = None
    host: Text | None = None
    port: int | None = None
    tls: bool | None = None
    dicomweb: Text | None = None
    token: str | None = None
    may_be_local: bool | None = None
    uses: tuple[Use, ...] | None = None

    def change(self) -> NodeChange:
        """As the service takes it."""
        return NodeChange(**self.model_dump(by_alias=False))


class NewNode(NodeEdit):
    """A node to add: a name, and an address (host, port, AE title), a DICOMweb base address, or both."""

    name: Text


def _answer(row: NodeRow) -> NodeAnswer:
    named = set(NodeAnswer.model_fields) - {"has_token"}
    return NodeAnswer(**{name: getattr(row, name) for name in named}, has_token=bool(row.token))


@router.get("")
def nodes(door: TheDoor, actor: Who) -> NodeList:
    """The clinic's remote nodes by name."""
    return NodeList(items=[_answer(row) for row in list_nodes(door.porion, actor)])


@router.post("", status_code=201)
def new_node(door: TheDoor, actor: Who, body: NewNode) -> NodeAnswer:
    """Add a node; addresses of this machine are refused unless ``mayBeLocal``."""
    return _answer(add_node(door.porion, door.remotes, actor, body.change()))


@router.get("/{node_id}")
def node(door: TheDoor, actor: Who, node_id: PathId) -> NodeAnswer:
    """One node."""
    return _answer(see_node(door.porion, actor, node_id))


@router.patch("/{node_id}")
def change_node(door: TheDoor, actor: Who, node_id: PathId, body: NodeEdit) -> NodeAnswer:
    """Change a node."""
    return _answer(edit_node(door.porion, door.remotes, actor, node_id, body.change()))


@router.delete("/{node_id}", status_code=204)
def delete_node(door: TheDoor, actor: Who, node_id: PathId) -> Response:
    """Forget a node; what came from it stays."""
    remove_node(door.porion, actor, node_id)
    return Response(status_code=204)


@router.post("/{node_id}/test")
def test_node(door: TheDoor, actor: Who, node_id: PathId) -> NodeAnswer:
    """Try out what a node can do."""
    return _answer(try_node(door.porion, door.remotes, actor, node_id))
