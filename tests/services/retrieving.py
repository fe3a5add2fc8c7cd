"""A PACS with an archive, and a task that does its steps at once and lets the worker index in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom import AE

from porion.dicom.message import read_message
from porion.dimse.protocol.commands import Field
from porion.services.job_ports import Answer
from porion.services.job_records import JobRow
from porion.services.queue import index_queue
from porion.services.records import Json
from tests.dimse.fake_pacs import Script, Talk
from tests.world import World


class Hands:
    """See :class:`porion.services.job_ports.Task`; ``paused`` are the seconds that were to be waited."""

    def __init__(self, world: World, job: JobRow, *, resumed: bool = False) -> None:
        self.clinic_id = world.clinic_id
        self.job = job
        self.resumed = resumed
        self.told: list[Json] = []
        self.paused: list[float] = []
        self.steps: list[str] = []
        self.before_pause: Callable[[], None] = lambda: None
        self._world = world

    def once(self, name: str, do: Callable[[], Answer]) -> Answer:
        self.steps.append(name)
        return do()

    def tell(self, progress: Json) -> None:
        self.told.append(progress)

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.before_pause()
        index(self._world)


def index(world: World) -> None:
    """What the worker does."""
    with closing(world.spool.queue()) as queue:
        queue.await_turn()
        index_queue(world.porion, queue)
        queue.tidy()


class Archive:
    """What a PACS holds, and how it answers for it: scripts of :class:`tests.dimse.fake_pacs.FakePacs`."""

    def __init__(self, images: Sequence[Dataset], called_back: int = 0) -> None:
        self.images = list(images)
        self.asked: list[list[str]] = []
        self.called_back = called_back
        self.ledger: list[str] = []

    def scripts(self, **more: Script) -> dict[Field, Script]:
        """For each kind of request; others than these are given by name."""
        usual: dict[str, Script] = {"find": self.find, "get": self.get, "move": self.move}
        names = {"find": Field.C_FIND_RQ, "get": Field.C_GET_RQ, "move": Field.C_MOVE_RQ}
        return {names[name]: script for name, script in (usual | more).items()}

    def wanted(self, talk: Talk) -> list[Dataset]:
        """The images that the request's keys ask for."""
        keys = read_message(talk.identifier, talk.contexts[talk.context][1])
        found = self.images
        for word in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            uids = keys.texts(word)
            if any(uids):
                found = [one for one in found if str(getattr(one, word)) in uids]
        return found

    def find(self, talk: Talk) -> None:
        level = read_message(talk.identifier, talk.contexts[talk.context][1]).text("QueryRetrieveLevel")
        found = self.wanted(talk)
        if level == "IMAGE":
            rows: list[dict[str, Any]] = [
                {"SOPInstanceUID": one.SOPInstanceUID, "SOPClassUID": one.SOPClassUID} for one in found
            ]
        else:
            uids = dict.fromkeys(str(one.SeriesInstanceUID) for one in found)
            rows = [
                {
                    "SeriesInstanceUID": uid,
                    "NumberOfSeriesRelatedInstances": sum(one.SeriesInstanceUID == uid for one in found),
                }
                for uid in uids
            ]
        for row in rows:
            answer = Dataset()
            for keyword, value in row.items():
                setattr(answer, keyword, value)
            talk.pending(answer)
        talk.answer(status=0)

    def get(self, talk: Talk) -> None:
        found = self.note(talk)
        for done, one in enumerate(found):
            talk.store(one, message_id=100 + done)
            talk.progress(0xFF00, len(found) - done - 1, done + 1)
        talk.progress(0, 0, len(found))

    def move(self, talk: Talk) -> None:
        found = self.note(talk)
        failed = self.send(found, str(talk.command.move_destination))
        talk.progress(0xB000 if failed else 0, 0, len(found) - failed, failed)

    def note(self, talk: Talk) -> list[Dataset]:
        """The images that are asked for, noted."""
        found = self.wanted(talk)
        self.asked.append([str(one.SOPInstanceUID) for one in found])
        return found

    def send(self, images: Sequence[Dataset], destination: str, title: str = "PACS") -> int:
        """Send as C-MOVE does, with another program's client; how many were not taken."""
        entity = AE(ae_title=title)
        for uid in {one.SOPClassUID for one in images}:
            entity.add_requested_context(uid)
        held = entity.associate("127.0.0.1", self.called_back, ae_title=destination)
        if not held.is_established:
            return len(images)
        failed = 0
        for one in images:
            status = held.send_c_store(one).get("Status")
            failed += status != 0
            self.ledger += [str(one.SOPInstanceUID)] if status == 0 else []
        held.release()
        return failed
