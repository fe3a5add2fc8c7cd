"""Who may do what: one table that can be read aloud. What is not in it is denied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Permission(StrEnum):
    """What a role may be given; the names are those of the HTTP API."""

    VIEW = "imaging:view"
    CAPTURE = "imaging:capture"
    ADMIN = "imaging:admin"


class Role(StrEnum):
    """The roles of a clinic's users."""

    ADMIN = "admin"
    CLINICIAN = "clinician"
    RECEPTION = "reception"


class Action(StrEnum):
    """Everything that a service lets somebody do."""

    SEE_IMAGES = "see images, their tags and their files"
    SEE_INBOX = "see what waits and its candidates"
    SEE_PATIENTS = "see patients"
    SEE_EXPOSURES = "see exposures"
    EXPORT_EXPOSURES = "take the log of all exposures out"
    SET_LEVELS = "say which reference levels hold"
    IMPORT = "bring images in"
    DECIDE = "link, reject, split and undo"
    CORRECT_CATEGORY = "correct what an image shows"
    CALIBRATE = "give an image a scale"
    EDIT_PATIENTS = "add, edit, merge and import patients"
    SEE_DEVICES = "see devices and the network"
    MANAGE_DEVICES = "approve, change and block devices, and set the network up"
    MANAGE_USERS = "add and change users"
    SEE_AUDIT = "read and verify the audit trail"
    HOLD_TOKENS = "make and revoke one's own API tokens"
    MANAGE_LINKING = "let a source link by itself"
    ASK_WORKLISTS = "ask for worklists, ours and those of remote nodes"
    SEE_SCHEDULE = "see what is scheduled at devices"
    SCHEDULE = "schedule, change and cancel steps"
    FEED_REGISTER = "keep the register current from another system"
    SEE_NODES = "see remote nodes"
    MANAGE_NODES = "add, change, try out and remove remote nodes"
    ASK_NODES = "query remote nodes and retrieve from them"
    SEE_JOBS = "see and stop one's own jobs"
    MANAGE_JOBS = "see and stop everybody's jobs"


NEEDS: Mapping[Action, Permission] = {
    Action.SEE_IMAGES: Permission.VIEW,
    Action.SEE_INBOX: Permission.VIEW,
    Action.SEE_PATIENTS: Permission.VIEW,
    Action.SEE_EXPOSURES: Permission.VIEW,
    Action.EXPORT_EXPOSURES: Permission.ADMIN,
    Action.SET_LEVELS: Permission.ADMIN,
    Action.IMPORT: Permission.CAPTURE,
    Action.DECIDE: Permission.CAPTURE,
    Action.CORRECT_CATEGORY: Permission.CAPTURE,
    Action.CALIBRATE: Permission.CAPTURE,
    Action.EDIT_PATIENTS: Permission.CAPTURE,
    Action.SEE_DEVICES: Permission.ADMIN,
    Action.MANAGE_DEVICES: Permission.ADMIN,
    Action.MANAGE_USERS: Permission.ADMIN,
    Action.SEE_AUDIT: Permission.ADMIN,
    Action.HOLD_TOKENS: Permission.VIEW,
    Action.MANAGE_LINKING: Permission.ADMIN,
    Action.ASK_WORKLISTS: Permission.ADMIN,
    Action.SEE_SCHEDULE: Permission.VIEW,
    Action.SCHEDULE: Permission.CAPTURE,
    Action.FEED_REGISTER: Permission.CAPTURE,
    Action.SEE_NODES: Permission.ADMIN,
    Action.MANAGE_NODES: Permission.ADMIN,
    Action.ASK_NODES: Permission.ADMIN,
    Action.SEE_JOBS: Permission.VIEW,
    Action.MANAGE_JOBS: Permission.ADMIN,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.CLINICIAN: frozenset({Permission.VIEW, Permission.CAPTURE}),
    Role.RECEPTION: frozenset({Permission.VIEW, Permission.CAPTURE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which clinic, with what permissions.

    ``user_id`` is None for somebody at the machine's own command line: whoever can read the data
    directory needs no log-in, but is named in the audit trail all the same.
    """

    name: str
    clinic_id: str
    permissions: frozenset[Permission]
    user_id: str | None = None

    def may(self, action: Action) -> bool:
        """Whether the table grants that action to one of this actor's permissions."""
        return NEEDS[action] in self.permissions


def operator(name: str, clinic_id: str) -> Actor:
    """Somebody at the machine's own command line."""
    return Actor(name=name, clinic_id=clinic_id, permissions=frozenset(Permission))


def feeder(source: str, clinic_id: str) -> Actor:
    """Another system that keeps the register current."""
    return Actor(
        name=f"feed: {source}", clinic_id=clinic_id, permissions=frozenset({NEEDS[Action.FEED_REGISTER]})
    )


def asking_device(title: str, clinic_id: str) -> Actor:
    """A device that an administrator lets query or retrieve."""
    return Actor(f"device: {title}", clinic_id, frozenset({NEEDS[Action.SEE_IMAGES]}))


def device(title: str, clinic_id: str) -> Actor:
    """A device that reports what it does; it may nothing by itself, what it reports is written down."""
    return Actor(title, clinic_id, frozenset())


def nobody(clinic_id: str) -> Actor:
    """The matcher itself, where an administrator lets a source link unattended."""
    return Actor("unattended", clinic_id, frozenset({NEEDS[Action.DECIDE]}))
