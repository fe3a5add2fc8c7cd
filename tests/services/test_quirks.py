"""What a device writes otherwise than the standard says is counted at the device."""

from __future__ import annotations

from dataclasses import replace

from porion.dicom.file_meta import file_prefix
from porion.services.devices import DeviceChange, add_device, edit_device, see_device
from porion.services.images import list_images, see_header
from porion.services.queue import index_queue
from porion.services.records import ImageFilter, Origin
from porion.services.trail import read_trail
from tests.builders import a_panoramic, file_bytes
from tests.world import World

NAME = "Иванова^Анна"


def send(world: World, device: str, *, name: str = NAME, number: int = 1) -> None:
    """An image of a device that says Latin-1 and writes ISO 8859-5."""
    row = see_device(world.porion, world.actor, device)
    made = a_panoramic(number, study=f"s{number}")
    made.SpecificCharacterSet = "ISO_IR 100"
    made.PatientName = "N" * len(name)
    content = file_bytes(made).replace(b"N" * len(name), name.encode("iso8859_5"))
    origin = Origin(
        "dicom", "PAN1", "PAN1", device=row.id, character_set=row.character_set, dap_unit=row.dap_unit
    )
    inlet = world.porion.spool.inlet(world.clinic_id, origin)
    intake = inlet.open(file_prefix("1.2", "1.3", "1.2.840.10008.1.2.1", sealable=True))
    intake.write(memoryview(content)[content.index(b"\x08\x00\x05\x00CS") :])
    intake.seal()
    inlet.close()
    queue = world.porion.spool.queue()
    queue.await_turn()
    assert index_queue(world.porion, queue).total() == 1
    queue.close()


def test_the_habits_of_a_device_hold_from_the_next_image_on(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "Panoramic").id
    send(world, device, number=1)
    change = DeviceChange(character_set="iso-ir 144", dap_unit="mGy.cm2")
    edited = edit_device(world.porion, world.actor, device, change)
    assert (edited.character_set, edited.dap_unit) == ("ISO_IR 144", "mGy.cm2")
    send(world, device, number=2)
    newest, before = sorted(
        list_images(world.porion, world.actor, ImageFilter()), key=lambda view: view.image.id, reverse=True
    )
    assert "habits" not in before.image.source
    assert newest.image.source["habits"] == {"character_set": "ISO_IR 144", "dap_unit": "mGy.cm2"}
    assert see_header(world.porion, world.actor, before.image.id).text("PatientName") != NAME
    assert see_header(world.porion, world.actor, newest.image.id).text("PatientName") == NAME
    trail = read_trail(world.porion, world.actor, before=None, limit=50, object_id=device)
    changed = next(event for event in trail if event.action == "device changed")
    assert changed.detail["characterSet"] == "ISO_IR 144"


def test_what_was_read_otherwise_is_counted_without_what_it_was(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "Panoramic").id
    edit_device(world.porion, world.actor, device, DeviceChange(character_set="ISO_IR 144"))
    for number, name in enumerate((NAME, NAME, "Петрова^Ольга"), 1):
        send(world, device, name=name, number=number)
    quirks = see_device(world.porion, world.actor, device).quirks
    assert quirks["(0010,0010) read in ISO_IR …, as is set for the device"] == 3
    assert "Иванова" not in str(quirks)


def test_a_device_that_was_forgotten_meanwhile_stops_nothing(world: World) -> None:
    row = add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "Panoramic")
    gone = replace(row, id="gone")
    origin = Origin("dicom", "PAN1", "PAN1", device=gone.id)
    inlet = world.porion.spool.inlet(world.clinic_id, origin)
    content = file_bytes(a_panoramic(SpecificCharacterSet="ISO_IR 100")).replace(b"ISO_IR 100", b"ISO_IR 999")
    intake = inlet.open(file_prefix("1.2", "1.3", "1.2.840.10008.1.2.1", sealable=True))
    intake.write(memoryview(content)[content.index(b"\x08\x00\x05\x00CS") :])
    intake.seal()
    inlet.close()
    queue = world.porion.spool.queue()
    queue.await_turn()
    assert index_queue(world.porion, queue) == {"pending": 1}
    queue.close()
