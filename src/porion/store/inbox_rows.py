"""Pending items, decisions and the identities that are remembered of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import DecisionRow, ItemRow, Json, columns
from porion.store.rows import Rows, chunks
from porion.store.schema import decisions, images, items, remembered
from porion.store.spoken import claim_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class InboxRows(Rows):
    """See :class:`porion.services.row_ports.InboxRows`."""

    def open_items(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], ItemRow]:
        """Items that still wait, by study and claim; what was split off stays apart."""
        study_ids = {study_id for study_id, _ in keys}
        found: dict[tuple[str, str], ItemRow] = {}
        held = self._where_in(items, ItemRow, items.c.study_id, study_ids)
        for row in sorted(held, key=lambda row: row.id):
            if row.state == "pending" and row.split_from is None:
                found.setdefault((row.study_id, row.claim_key), row)
        return found

    def items(self, ids: Collection[str]) -> Mapping[str, ItemRow]:
        """Items by their identifiers."""
        return {row.id: row for row in self._where_in(items, ItemRow, items.c.id, ids)}

    def list_items(self, state: str | None, after: str | None, limit: int) -> Sequence[ItemRow]:
        """Items that have images, oldest first: whoever waits longest stands on top."""
        has_images = sa.exists().where(images.c.item_id == items.c.id)
        # The state leads to few, and in their order; without one the order does.
        found = self._led(items, ItemRow)
        if state is not None:
            found = self._query(items, ItemRow).where(items.c.state == state)
        statement = found.where(has_images).order_by(items.c.id).limit(limit)
        if after is not None:
            statement = statement.where(items.c.id > after)
        return self._all(ItemRow, statement)

    def add_items(self, rows: Sequence[ItemRow]) -> None:
        """Insert items."""
        self._insert(items, [{**columns(row), **claim_keys(row.claim)} for row in rows])

    def update_item(self, item_id: str, expected_version: int, changes: Json) -> bool:
        """Change an item unless somebody else did first."""
        return self._update(
            items, item_id, {**changes, "version": expected_version + 1}, items.c.version == expected_version
        )

    def add_decision(self, row: DecisionRow) -> None:
        """Append a decision."""
        self._insert(decisions, [row])

    def decision(self, decision_id: str) -> DecisionRow | None:
        """One decision."""
        return self._one(
            DecisionRow, self._query(decisions, DecisionRow).where(decisions.c.id == decision_id)
        )

    def decisions_of(self, item_id: str) -> Sequence[DecisionRow]:
        """An item's decisions, oldest first."""
        statement = self._query(decisions, DecisionRow).where(decisions.c.item_id == item_id)
        return self._all(DecisionRow, statement.order_by(decisions.c.id))

    def decisions_on_image(self, image_id: str) -> Sequence[DecisionRow]:
        """An image's own decisions (its category), oldest first."""
        statement = self._query(decisions, DecisionRow).where(decisions.c.image_id == image_id)
        return self._all(DecisionRow, statement.order_by(decisions.c.id))

    def undone(self, decision_ids: Collection[str]) -> frozenset[str]:
        """Which of the decisions were taken back."""
        rows = self._where_in(decisions, DecisionRow, decisions.c.undoes, decision_ids)
        return frozenset(str(row.undoes) for row in rows)

    def corrections(self, subjects: Collection[str]) -> Mapping[str, DecisionRow]:
        """The latest category that a person gave and did not take back, by device and protocol."""
        of_kind = self._query(decisions, DecisionRow).where(decisions.c.kind == "category")
        corrections: list[DecisionRow] = []
        for part in chunks(subjects):
            corrections += self._all(DecisionRow, of_kind.where(decisions.c.subject.in_(part)))
        undone = self.undone([row.id for row in corrections])
        standing = (row for row in corrections if row.id not in undone)
        return {row.subject: row for row in sorted(standing, key=lambda row: row.id)}

    def remember(self, claim_key: str, sources: Collection[str], decision: DecisionRow) -> None:
        """Keep a link to propose it for the next image with this claim from these sources."""
        rows = [
            {"claim_key": claim_key, "source_key": source, "decision_id": decision.id}
            for source in sorted(set(sources))
        ]
        self._insert(remembered, rows)

    def forget(self, decision_id: str) -> None:
        """Propose a decision no more."""
        self._connection.execute(
            sa.delete(remembered).where(
                remembered.c.clinic_id == self._clinic_id, remembered.c.decision_id == decision_id
            )
        )

    def remembered(self, claim_key: str, sources: Collection[str]) -> DecisionRow | None:
        """The latest link that a person made for this claim from one of these sources."""
        statement = (
            self._led(decisions, DecisionRow)
            .join(remembered, remembered.c.decision_id == decisions.c.id)
            .where(
                remembered.c.clinic_id == self._clinic_id,
                remembered.c.claim_key == claim_key,
                remembered.c.source_key.in_(list(sources)),
            )
            .order_by(decisions.c.id.desc())
        )
        return self._one(DecisionRow, statement)

    def items_of_study(self, study_id: str) -> Sequence[ItemRow]:
        """A study's items, whatever their state."""
        return self._all(ItemRow, self._led(items, ItemRow).where(items.c.study_id == study_id))

    def ruled_out(self, claim_key: str) -> frozenset[str]:
        """The patients whom a person said that this claim is certainly not."""
        statement = self._query(decisions, DecisionRow).where(
            decisions.c.kind == "rule-out", decisions.c.subject == claim_key
        )
        rows = self._all(DecisionRow, statement)
        undone = self.undone([row.id for row in rows])
        return frozenset(str(row.patient_id) for row in rows if row.id not in undone)

    def items_of_patient(self, patient_id: str) -> Sequence[ItemRow]:
        """The items that are linked to a patient, oldest first."""
        statement = self._query(items, ItemRow).where(items.c.patient_id == patient_id)
        return self._all(ItemRow, statement.order_by(items.c.id))

    def merge_of(self, gone_id: str) -> DecisionRow | None:
        """The standing merge in which that patient went."""
        statement = self._query(decisions, DecisionRow).where(
            decisions.c.kind == "merge", decisions.c.subject == gone_id
        )
        rows = self._all(DecisionRow, statement.order_by(decisions.c.id.desc()))
        undone = self.undone([row.id for row in rows])
        return next((row for row in rows if row.id not in undone), None)

    def move_items(self, from_patient: str, to_patient: str) -> Sequence[str]:
        """Give a merged patient's items to the patient that stays; answers which."""
        moved = self.items_of_patient(from_patient)
        for row in moved:
            self.update_item(row.id, row.version, {"patient_id": to_patient})
        return [row.id for row in moved]
