"""``porion certificates``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.desk import Desk


def test_a_device_is_registered_with_the_certificate_made_for_it(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("certificates", "device", "PAN1").status == 5
    desk.do("certificates", "init", "--host", "192.168.1.5")
    desk.do("device", "add", "PAN1", "--address", "10.0.0.5")
    made = desk.do("certificates", "device", "PAN1", "--out", tmp_path / "usb", "--json").document
    (device,) = desk.do("device", "list", "--json").lines
    assert device["certificate"] == made["fingerprint"]
    assert {path.name for path in (tmp_path / "usb").iterdir()} == {
        "authority.crt",
        "device-PAN1.crt",
        "device-PAN1.key",
    }
    names = [one["name"] for one in desk.do("certificates", "list", "--json").lines]
    assert sorted(names) == ["PAN1", "Porion", "Porion clinic authority"]
    assert "PAN1" in desk.do("certificates", "list").out
    trail = desk.do("audit", "list", "--json").lines
    assert [link["action"] for link in trail].count("certificate made") == 2


def test_what_is_no_title_gets_none(desk: Desk) -> None:
    assert desk.run("certificates", "device", "SEVENTEEN LETTERS").status == 2
