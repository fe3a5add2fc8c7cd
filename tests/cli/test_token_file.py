from pathlib import Path

import pytest

from porion.cli.token_file import read_token
from porion.services.errors import Invalid


def test_a_token_is_what_the_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("secret\n")

    assert read_token(file) == "secret"
    assert read_token(None) is None


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_token(tmp_path / "none")
