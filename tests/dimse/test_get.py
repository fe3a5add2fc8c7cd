"""C-GET as a peer meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLSLossless
from pynetdicom import AE, build_role, evt

from porion.dimse.negotiation import PATIENT_ROOT_GET, STUDY_ROOT_GET
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_panoramic, data_set, file_bytes, uid
from tests.dimse.asking import CANCEL, NOT_FITTING, SUCCESS, allow, linked
from tests.dimse.house import CT, EXPLICIT, IMPLICIT, House
from tests.dimse.keeper import Keeper
from tests.services.scenes import BERTA
from tests.world import bring

DX = "1.2.840.10008.5.1.4.1.1.1.1"
PENDING, SOME_FAILED, NONE_SENT = 0xFF00, 0xB000, 0xA702
SLICES = 4


@pytest.fixture
def clinic(house: House) -> House:
    """Anna's panoramic and Berta's volume are linked, another panoramic waits."""
    allow(house.world, "retrieve")
    linked(house.world, a_panoramic(1, PatientName="BEISPIEL^A", PatientID="x"))
    berta = {"PatientName": "Muster^Berta", "PatientID": "P-2", "PatientBirthDate": "20110506"}
    linked(house.world, *a_cbct_series(SLICES, **berta), patient=BERTA)
    bring(house.world, a_panoramic(2, study="waits"))
    return house


def get(
    house: House,
    keeper: Keeper,
    *,
    classes: Sequence[str] = (DX, CT),
    syntaxes: Sequence[str] = (EXPLICIT,),
    level: str = "STUDY",
    model: str = STUDY_ROOT_GET,
    cancel_at: int | None = None,
    **keys: Any,
) -> list[Dataset]:
    """Get; every response, the failed UIDs of the last one in it."""
    entity = AE(ae_title="PAN1")
    entity.add_requested_context(model)
    for one in classes:
        entity.add_requested_context(one, list(syntaxes))
    held = entity.associate(
        "127.0.0.1",
        house.port,
        ae_title="PORION",
        ext_neg=[build_role(one, scp_role=True) for one in classes],
        evt_handlers=[(evt.EVT_C_STORE, keeper.keep)],
    )
    assert held.is_established
    told = []
    try:
        for status, identifier in held.send_c_get(
            data_set(QueryRetrieveLevel=level, **keys), model, msg_id=9
        ):
            listed = identifier["FailedSOPInstanceUIDList"] if identifier else None
            status.failed_uids = (
                [] if listed is None else [listed.value] if listed.VM == 1 else list(listed.value)
            )
            told.append(status)
            if len(told) == cancel_at:
                held.send_c_cancel(9, query_model=model)
    finally:
        held.release()
    return told


def counted(status: Dataset) -> tuple[int | None, ...]:
    words = ("Remaining", "Completed", "Failed", "Warning")
    return tuple(status.get(f"NumberOf{word}Suboperations") for word in words)


def test_a_study_comes_under_the_register_s_name(clinic: House) -> None:
    keeper = Keeper()
    (last,) = get(clinic, keeper, StudyInstanceUID=uid("study-1"))
    assert (last.Status, counted(last)) == (SUCCESS, (None, 1, 0, 0))
    (kept,) = keeper.kept
    assert (kept.PatientName, kept.PatientID) == ("Beispiel^Anna", "P-1")
    assert kept.OriginalAttributesSequence[0].ModifiedAttributesSequence[0].PatientID == "x"
    assert kept.PixelData == a_panoramic(1).PixelData
    links = read_trail(clinic.world.porion, clinic.world.actor, before=None, limit=5, object_id=None)
    (link,) = [one for one in links if one.action == "images handed out"]
    assert link.detail == {"to": "PAN1", "instances": 1, "studies": [uid("study-1")]}


def test_each_sub_operation_is_told(clinic: House) -> None:
    keeper = Keeper()
    told = get(clinic, keeper, StudyInstanceUID=uid("study-cbct"))
    assert [one.Status for one in told] == [PENDING] * 3 + [SUCCESS]
    assert [counted(one) for one in told] == [(3, 1, 0, 0), (2, 2, 0, 0), (1, 3, 0, 0), (None, 4, 0, 0)]
    assert [one.InstanceNumber for one in keeper.kept] == [1, 2, 3, 4]
    # What is right already goes out as it is held.
    assert all("OriginalAttributesSequence" not in one for one in keeper.kept)


def test_failures_and_warnings_are_counted_and_listed(clinic: House) -> None:
    keeper = Keeper(answers=lambda number: {2: 0xA700, 3: 0xB007}.get(number, 0))
    last = get(clinic, keeper, StudyInstanceUID=uid("study-cbct"))[-1]
    assert (last.Status, counted(last)) == (SOME_FAILED, (None, 2, 1, 1))
    assert last.failed_uids == [uid("study-cbct", "slice", 2)]
    keeper = Keeper(answers=lambda _number: 0xA700)
    last = get(clinic, keeper, StudyInstanceUID=uid("study-cbct"))[-1]
    assert (last.Status, counted(last), len(last.failed_uids)) == (NONE_SENT, (None, 0, 4, 0), 4)


def test_what_the_asker_does_not_take_is_told(clinic: House) -> None:
    keeper = Keeper()
    wanted = [uid("study-1"), uid("study-cbct")]
    last = get(clinic, keeper, classes=(CT,), StudyInstanceUID=wanted)[-1]
    assert (last.Status, counted(last)) == (SOME_FAILED, (None, 4, 1, 0))
    assert last.failed_uids == [uid("panoramic", 1)]
    assert "does not take this kind" in last.ErrorComment


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, str(JPEGLSLossless)])
def test_a_copy_comes_in_the_transfer_syntax_that_is_taken(clinic: House, syntax: str) -> None:
    keeper = Keeper()
    (last,) = get(clinic, keeper, syntaxes=(syntax,), StudyInstanceUID=uid("study-1"))
    assert (last.Status, keeper.syntaxes) == (SUCCESS, [syntax])
    assert keeper.kept[0].PatientName == "Beispiel^Anna"


def test_what_is_compressed_is_decoded_for_who_takes_nothing_else(clinic: House) -> None:
    made = a_panoramic(7, study="compressed", Rows=8, Columns=8)
    pixels = bytes(one % 16 for one in range(128))
    made.PixelData = pixels
    bring(clinic.world, _compressed(made))
    allow(clinic.world, "retrieve", "pending")
    for syntax in (EXPLICIT, IMPLICIT):
        keeper = Keeper()
        (last,) = get(clinic, keeper, syntaxes=(syntax,), StudyInstanceUID=uid("compressed"))
        assert (last.Status, keeper.syntaxes) == (SUCCESS, [syntax])
        assert keeper.kept[0].PixelData == pixels


def _compressed(made: Dataset) -> bytes:
    made.SOPInstanceUID = uid("compressed", 1)
    file_bytes(made)
    made.compress(JPEGLSLossless, generate_instance_uid=False)
    return file_bytes(made, transfer_syntax=JPEGLSLossless)


def test_every_level_can_be_named(clinic: House) -> None:
    series = uid("study-cbct", "series", 1)
    within = {"StudyInstanceUID": uid("study-cbct"), "SeriesInstanceUID": series}
    wanted = [uid("study-cbct", "slice", n) for n in (1, 3)]
    for level, keys, count in (
        ("SERIES", within, SLICES),
        ("IMAGE", {**within, "SOPInstanceUID": wanted}, 2),
    ):
        keeper = Keeper()
        assert get(clinic, keeper, level=level, **keys)[-1].Status == SUCCESS
        assert len(keeper.kept) == count
    keeper = Keeper()
    last = get(clinic, keeper, level="PATIENT", model=PATIENT_ROOT_GET, PatientID="P-2")[-1]
    assert (last.Status, len(keeper.kept)) == (SUCCESS, SLICES)


def test_what_nobody_has_verified_stays_here(clinic: House) -> None:
    keeper = Keeper()
    (last,) = get(clinic, keeper, StudyInstanceUID=uid("waits"))
    assert (last.Status, counted(last), keeper.kept) == (SUCCESS, (None, 0, 0, 0), [])
    allow(clinic.world, "retrieve", "pending")
    assert get(clinic, keeper, StudyInstanceUID=uid("waits"))[-1].Status == SUCCESS
    assert "OriginalAttributesSequence" not in keeper.kept[0]


@pytest.mark.parametrize(
    ("level", "keys"),
    [
        ("STUDY", {}),
        ("STUDY", {"PatientName": "A*"}),
        ("PATIENT", {"PatientID": "P-1"}),
        ("SERIES", {"StudyInstanceUID": "1.2"}),
        ("IMAGE", {"SOPInstanceUID": "1.2"}),
    ],
)
def test_a_retrieval_names_what_it_wants(clinic: House, level: str, keys: dict[str, str]) -> None:
    (last,) = get(clinic, Keeper(), level=level, **keys)
    assert last.Status == NOT_FITTING


def test_who_cancels_hears_how_far_it_came(clinic: House) -> None:
    keeper = Keeper()
    told = get(clinic, keeper, cancel_at=1, StudyInstanceUID=uid("study-cbct"))
    last = told[-1]
    # The last one may have gone out before anybody could hear.
    assert last.Status in (CANCEL, SUCCESS)
    if last.Status == CANCEL:
        assert last.NumberOfRemainingSuboperations == SLICES - len(keeper.kept)


def test_a_lost_file_is_one_failure(clinic: House) -> None:
    paths = sorted(clinic.world.data.rglob("archive/**/*.dcm"))
    for path in paths:
        path.unlink()
    last = get(clinic, Keeper(), StudyInstanceUID=uid("study-cbct"))[-1]
    assert (last.Status, counted(last)) == (NONE_SENT, (None, 0, 4, 0))
    assert "has lost the file" in last.ErrorComment


@pytest.fixture(autouse=True)
def _no_file_is_left_open(house: House) -> Iterator[None]:
    yield
    house.stop()
