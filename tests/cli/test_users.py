"""``porion user``, ``porion token`` and ``porion audit``."""

from __future__ import annotations

import sqlite3

import pytest

from tests.cli.desk import Desk

PASSWORD = "correct horse battery"
ADMIN = ("user", "create", "--email", "anna@clinic.example", "--role", "admin", "--password-stdin")


@pytest.mark.parametrize("role", ["admin", "clinician", "reception"])
def test_a_user_of_each_role_is_added(desk: Desk, role: str) -> None:
    words = ("user", "create", "--email", "A@clinic.example", "--role", role, "--password-stdin")
    assert desk.do(*words, typed=f"{PASSWORD}\n").out == f"a@clinic.example may sign in as {role}.\n"
    (user,) = desk.do("user", "list", "--json").lines
    assert (user["email"], user["role"], user["state"]) == ("a@clinic.example", role, "active")
    assert role in desk.do("user", "list").out


@pytest.mark.parametrize(
    ("words", "typed", "status"),
    [
        (ADMIN, "short\n", 2),
        (ADMIN, "", 2),
        (ADMIN[:-1], None, 2),
        ((*ADMIN[:5], "dentist", "--password-stdin"), f"{PASSWORD}\n", 2),
        (("user", "create", "--email", "nobody", "--role", "admin", "--password-stdin"), f"{PASSWORD}\n", 2),
    ],
    ids=["short", "empty", "no terminal", "role", "address"],
)
def test_what_cannot_be_a_user_is_told(
    desk: Desk, words: tuple[str, ...], typed: str | None, status: int
) -> None:
    said = desk.run(*words, typed=typed)
    assert said.status == status
    assert said.err.endswith(".\n")
    assert desk.do("user", "list", "--json").lines == []


def test_an_address_belongs_to_one_user(desk: Desk) -> None:
    desk.do(*ADMIN, typed=f"{PASSWORD}\n")
    assert desk.run(*ADMIN, typed=f"{PASSWORD}\n").status == 6


def test_a_password_from_a_file_of_another_system_ends_before_its_line_break(desk: Desk) -> None:
    desk.run(*ADMIN, typed="twelve chars\r\n")
    eleven = desk.run(
        "user", "create", "--email", "b@x", "--role", "admin", "--password-stdin", typed="eleven char\r\n"
    )
    assert eleven.status == 2


def test_a_token_is_printed_alone_so_that_a_script_can_take_it(desk: Desk) -> None:
    desk.do(*ADMIN, typed=f"{PASSWORD}\n")
    words = ("token", "create", "--user", "anna@clinic.example", "--name", "bridge")
    (line,) = desk.do(*words).out.splitlines()
    assert line.startswith("porion_")
    told = desk.do(*words, "--json").document
    assert (told["name"], told["token"] == line) == ("bridge", False)
    assert desk.run("token", "create", "--user", "nobody@x", "--name", "n").status == 5


def test_no_secret_is_in_the_database(desk: Desk) -> None:
    desk.do(*ADMIN, typed=f"{PASSWORD}\n")
    token = desk.do("token", "create", "--user", "anna@clinic.example", "--name", "bridge").out.strip()
    stored = b"".join(path.read_bytes() for path in desk.data.glob("porion.sqlite*"))
    assert b"anna@clinic.example" in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_the_trail_names_who_did_what(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna")
    newest = desk.do("audit", "list", "--json").lines[0]
    assert newest["action"] == "patient added"
    assert newest["actor"].startswith("cli:")
    assert {"number", "at", "objectKind", "objectId", "previous", "hash"} <= set(newest)
    assert "patient added" in desk.do("audit", "list").out


def test_a_whole_trail_is_verified(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna")
    assert desk.do("audit", "verify").out.startswith("The audit trail is whole: ")
    told = desk.do("audit", "verify", "--json").document
    assert told["whole"] is True
    assert told["links"] > 0


def test_a_trail_that_somebody_changed_is_told(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna")
    with sqlite3.connect(desk.data / "porion.sqlite") as rows:
        (table,) = rows.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%audit%'"
        ).fetchone()
        triggers = rows.execute(f"SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='{table}'")
        for (trigger,) in triggers.fetchall():
            rows.execute(f"DROP TRIGGER {trigger}")
        rows.execute(f"UPDATE {table} SET actor = 'nobody'")
    rows.close()
    said = desk.run("audit", "verify", "--json")
    assert said.status == 7
    assert said.document["whole"] is False
    assert "broken at link 1" in said.err
