"""Remote nodes: added, changed, removed and tried out by administrators."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.ae_titles import read_title
from porion.services.errors import Conflict, Invalid, NotFound, must
from porion.services.network import our_title
from porion.services.node_addresses import pinned, web_parts
from porion.services.node_records import NodeRow, Use
from porion.services.remote_ports import Target
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json
    from porion.services.remote_ports import Remotes

_LONGEST_NAME, _LONGEST_URL, _LONGEST_TOKEN = 64, 500, 4000


@dataclass(frozen=True, slots=True)
class NodeChange:
    """What an administrator says of a node; None leaves it as it is, an empty text takes it away."""

    name: str | None = None
    ae_title: str | None = None
    host: str | None = None
    port: int | None = None
    calling: str | None = None
    tls: bool | None = None
    dicomweb: str | None = None
    token: str | None = None
    may_be_local: bool | None = None
    uses: tuple[str, ...] | None = None


def list_nodes(porion: Porion, actor: Actor) -> Sequence[NodeRow]:
    """The clinic's remote nodes by name."""
    must(actor, Action.SEE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.nodes.all()


def see_node(porion: Porion, actor: Actor, which: str) -> NodeRow:
    """One node, by identifier or name."""
    must(actor, Action.SEE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        return find_node(tx, which)


def add_node(porion: Porion, remotes: Remotes, actor: Actor, change: NodeChange) -> NodeRow:
    """Add a node; its addresses are judged now, and again each time it is asked."""
    must(actor, Action.MANAGE_NODES)
    now = porion.now()
    blank = NodeRow(porion.new_id(), "", "", "", 0, now, now)
    row = _changed(blank, change)
    _judge(remotes, row)
    with porion.store.write(actor.clinic_id) as tx:
        _must_be_alone(tx, row)
        tx.nodes.add(row)
        record(porion, tx, actor.name, "node added", ("node", row.id), _told(row))
    return row


def edit_node(porion: Porion, remotes: Remotes, actor: Actor, which: str, change: NodeChange) -> NodeRow:
    """Change a node; what a test found of it holds no more."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        before = find_node(tx, which)
    row = replace(_changed(before, change), updated_at=porion.now(), abilities={}, tested_at=None)
    _judge(remotes, row)
    with porion.store.write(actor.clinic_id) as tx:
        _must_be_alone(tx, row)
        tx.nodes.save(row)
        record(porion, tx, actor.name, "node changed", ("node", row.id), _told(row))
    return row


def remove_node(porion: Porion, actor: Actor, which: str) -> NodeRow:
    """Forget a node; what came from it stays."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        row = find_node(tx, which)
        rule = next((one for one in tx.remote.rules() if one.node_id == row.id), None)
        if rule is not None:
            raise Conflict(f"The retrieval rule {rule.name} fetches from {row.name}: remove the rule first.")
        tx.nodes.remove(row.id)
        record(porion, tx, actor.name, "node removed", ("node", row.id), {"name": row.name})
    return row


def try_node(porion: Porion, remotes: Remotes, actor: Actor, which: str) -> NodeRow:
    """Try out what a node can do; each ability is None when it works, else the reason in words."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        target = target_of(tx, remotes, actor.clinic_id, find_node(tx, which))
    return note_abilities(porion, actor.clinic_id, target.node, abilities_of(remotes, target))


def abilities_of(remotes: Remotes, target: Target) -> Json:
    """What a node can do over DICOM, and over DICOMweb, as far as it has an address there."""
    abilities: Json = dict(remotes.dimse.abilities(target)) if target.address else {}
    return abilities | (remotes.web.abilities(target) if target.web_address else {})


def note_abilities(porion: Porion, clinic_id: str, node: NodeRow, abilities: Json) -> NodeRow:
    """Keep what a test found."""
    row = replace(node, abilities=abilities, tested_at=porion.now())
    with porion.store.write(clinic_id) as tx:
        tx.nodes.save(row)
    return row


def find_node(tx: Transaction, which: str) -> NodeRow:
    """A node by identifier or name; NotFound tells the names that there are."""
    rows = tx.nodes.all()
    found = next((row for row in rows if which in (row.id, row.name)), None)
    if found is None:
        names = ", ".join(row.name for row in rows) or "none"
        raise NotFound(f"There is no remote node {which}; there are: {names}.")
    return found


def target_of(tx: Transaction, remotes: Remotes, clinic_id: str, node: NodeRow) -> Target:
    """The node with the addresses that its names have now; Invalid when one of them is forbidden."""
    ours = our_title(tx, clinic_id)
    address, web = _judge(remotes, node)
    return Target(node, address, node.calling or ours, ours, web)


def must_be_for(node: NodeRow, use: Use) -> None:
    """Conflict when an administrator keeps a node from that use."""
    if use not in node.uses:
        raise Conflict(f"{node.name} is not set up for {use}: `porion node edit {node.name}` can allow it.")


def _judge(remotes: Remotes, row: NodeRow) -> tuple[str, str]:
    local, ours = row.may_be_local, remotes.our_ports
    address = web = ""
    if row.host:
        address = pinned(
            remotes.resolve, row.host, row.port, may_be_local=local, encrypted=row.tls, our_ports=ours
        )
    if row.dicomweb:
        host, port, encrypted = web_parts(row.dicomweb)
        web = pinned(remotes.resolve, host, port, may_be_local=local, encrypted=encrypted, our_ports=ours)
    return address, web


def _changed(row: NodeRow, change: NodeChange) -> NodeRow:
    said = {key: value for key, value in asdict(change).items() if value is not None}
    after = replace(row, **said)
    return replace(
        after,
        name=_name(after.name),
        ae_title=read_title(after.ae_title) if after.host else after.ae_title,
        calling=read_title(after.calling) if after.calling else "",
        port=_port(after),
        dicomweb=_web(after),
        token=_token(after.token),
        uses=[Use(use) for use in _uses(after.uses)],
    )


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A node's name has 1 to {_LONGEST_NAME} printable characters.")
    return name


def _port(row: NodeRow) -> int:
    if not row.host and not row.dicomweb:
        raise Invalid("A node needs an address (HOST:PORT), or a DICOMweb base address.")
    if row.host and not 0 < row.port <= 65_535:
        raise Invalid(f"{row.port} is no port.")
    return row.port


def _web(row: NodeRow) -> str:
    url = row.dicomweb.strip().rstrip("/")
    if url:
        web_parts(url)
    if len(url) > _LONGEST_URL:
        raise Invalid(f"A DICOMweb base address has at most {_LONGEST_URL} characters.")
    return url


def _token(token: str) -> str:
    if len(token) > _LONGEST_TOKEN or not token.isascii() or any(one.isspace() for one in token):
        raise Invalid("A token is one word of ASCII letters, digits and signs.")
    return token


def _uses(given: Sequence[str]) -> Sequence[str]:
    unknown = set(given) - set(Use)
    if unknown:
        raise Invalid(f"A node may be used for {', '.join(Use)}; not for {', '.join(sorted(unknown))}.")
    return [use for use in Use if use in given]


def _must_be_alone(tx: Transaction, row: NodeRow) -> None:
    if any(other.name == row.name and other.id != row.id for other in tx.nodes.all()):
        raise Conflict(f"Another remote node is called {row.name} already.")


def _told(row: NodeRow) -> Json:
    return {
        "name": row.name,
        "aeTitle": row.ae_title,
        "host": row.host,
        "port": row.port,
        "tls": row.tls,
        "dicomweb": row.dicomweb,
        "mayBeLocal": row.may_be_local,
        "uses": list(row.uses),
    }
