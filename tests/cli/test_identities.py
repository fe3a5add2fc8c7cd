from datetime import UTC, datetime
from pathlib import Path

from porion.cli.identities import certificates_of, identity_of
from porion.cli.settings import read_settings


def test_porions_certificate_lies_in_the_data_directory(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {})
    held = certificates_of(settings)
    held.make_server(["127.0.0.1"], datetime(2026, 3, 2, tzinfo=UTC))
    identity = identity_of(settings)

    assert identity.authority == held.authority
    assert identity.authority.is_file()
    assert tmp_path in identity.authority.parents
