from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from unioncrawl.archive import database
from unioncrawl.archive.database import archive_url, migrate
from unioncrawl.archive.schema import SCHEMA_VERSIONS, metadata
from unioncrawl.archive.search import SearchRequest, search
from unioncrawl.archive.store import Archive

_OURS = set(metadata.tables)


def test_every_version_is_listed() -> None:
    """The list of released schemas is the line of migrations, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == SCHEMA_VERSIONS


def test_migrations_make_the_schema(any_archive: str) -> None:
    """A database brought up by the migrations has the tables, columns and indexes of the schema."""
    with Archive.open(any_archive) as archive, archive.engine.connect() as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in _OURS}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_each_released_schema_comes_forward_with_its_data(any_archive: str, version: str) -> None:
    """An archive of any released schema opens with all that it held."""
    engine = create_engine(archive_url(any_archive))
    with engine.begin() as connection:
        migrate(connection, version)
        connection.execute(
            text("INSERT INTO site (id, key, name, hosts) VALUES (1, 'xian', '西安市总工会', '[]')")
        )
    engine.dispose()
    with Archive.open(any_archive) as archive, archive.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM site")).scalar() == "西安市总工会"
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            == SCHEMA_VERSIONS[-1]
        )


def test_opening_again_changes_nothing(any_archive: str) -> None:
    """A second opening finds the schema present."""
    for _ in range(2):
        Archive.open(any_archive).close()


def test_an_older_index_is_built_again(any_archive: str) -> None:
    """An archive of the first schema is searched with the words that the present one knows."""
    engine = create_engine(archive_url(any_archive))
    with engine.begin() as connection:
        migrate(connection, "0001")
        for statement in _OLD_ROWS:
            connection.execute(text(statement))
    engine.dispose()
    with Archive.open(any_archive) as archive, archive.engine.connect() as connection:
        for query in ("总工会", "column:要闻", "-劳模"):
            assert [hit.id for hit in search(connection, SearchRequest(query=query)).results] == [1]


_ARTICLE = (
    "INSERT INTO article (id, site_id, column_id, canonical_url, url, first_seen_at, last_seen_at,"
    " revision_id, revision_number, mirror) VALUES (1, 1, 1, 'http://x.cn/1', 'http://x.cn/1',"
    " '2024-05-01 00:00:00', '2024-05-01 00:00:00', 1, 1, false)"
)
_REVISION = (
    "INSERT INTO revision (id, article_id, number, kind, seen_at, text_digest, title, body_text)"
    " VALUES (1, 1, 1, 'first', '2024-05-01 00:00:00', 0, '送清凉', '市总工会慰问职工。')"
)
_OLD_ROWS = (
    "INSERT INTO site (id, key, name, hosts) VALUES (1, 'xian', '西安市总工会', '[]')",
    "INSERT INTO site_column (id, site_id, name) VALUES (1, 1, '要闻')",
    _ARTICLE,
    _REVISION,
)
