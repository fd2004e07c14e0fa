from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, MetaData, create_engine, inspect, select, text

from unioncrawl.archive import service_tables
from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.content_hash import content_hash, digest64, normal_text
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.migrations import upgrade
from unioncrawl.archive.migrations.migrate import migrate
from unioncrawl.archive.schema import (
    EXACT_DIGESTS_SINCE,
    INDEX_WORDS_SINCE,
    SCHEMA_VERSIONS,
    metadata,
    revision,
)
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.index.rebuild_index import rebuild_index
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

_OURS = {service_tables.notice.name, *metadata.tables}


def test_every_version_is_listed() -> None:
    """The list of released schemas is the line of migrations, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(Path(upgrade.__file__).parent))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == SCHEMA_VERSIONS


def test_migrations_make_the_schema(no_archive: str) -> None:
    """A database brought up by the migrations has the tables, columns and indexes of the schema."""
    with Archive.open(no_archive) as archive, archive.engine.connect() as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in _OURS}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_each_released_schema_comes_forward_with_its_data(no_archive: str, version: str) -> None:
    """An archive of any released schema opens with all that it held."""
    engine = create_engine(archive_url(no_archive))
    with engine.begin() as connection:
        migrate(connection, version)
        connection.execute(
            text("INSERT INTO site (id, key, name, hosts) VALUES (1, 'xian', '西安市总工会', '[]')")
        )
    engine.dispose()
    with Archive.open(no_archive) as archive, archive.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM site")).scalar() == "西安市总工会"
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            == SCHEMA_VERSIONS[-1]
        )


# Of what each released schema is on SQLite, so that no change of the code changes a released migration.
_RELEASED = {
    "0001": "29e1e8c9f631d043",
    "0002": "8510c7b8eaee3caf",
    "0003": "4634628efe80d33d",
    "0004": "84aea9db2785cb2d",
    "0005": "fdf21c63d6c34d09",
    "0006": "becbcc270365ade5",
    "0007": "d0c328937fe1714c",
    "0008": "2f7d20031a3250bd",
    "0009": "e7ea3c7ffadacac6",
    "0010": "015959b8d7b6b1db",
    "0011": "28f892e2df46d082",
    "0012": "e0e4164a5d74933a",
    # PostgreSQL's alone.
    "0013": "e0e4164a5d74933a",
}


@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_a_released_migration_stays_as_it_was(tmp_path: Path, version: str) -> None:
    """Each version makes the tables and indexes that it made when it came out."""
    engine = create_engine(archive_url(str(tmp_path / "a.db")))
    with engine.begin() as connection:
        migrate(connection, version)
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"))
        statements = "\n".join(" ".join(sql.split()) for sql in made.scalars())
    engine.dispose()
    assert sha256(statements.encode()).hexdigest()[:16] == _RELEASED[version]


@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_the_index_of_an_older_archive_is_merged_as_seldom(tmp_path: Path, version: str) -> None:
    """SQLite's full-text index has the settings of 0012, whichever schema the archive began with."""
    path = str(tmp_path / "a.db")
    engine = create_engine(archive_url(path))
    with engine.begin() as connection:
        migrate(connection, version)
    engine.dispose()
    with Archive.open(path) as archive, archive.engine.connect() as connection:
        rows = connection.execute(text("SELECT k, v FROM search_index_config WHERE k <> 'version'"))
        settings: dict[str, int] = {row.k: row.v for row in rows}
    assert settings == {
        "automerge": 64,
        "crisismerge": 256,
        "hashsize": 1_048_576,
    }


@pytest.mark.parametrize("version", [one for one in SCHEMA_VERSIONS if one < "0004"])
@pytest.mark.parametrize("has_table", [True, False])
def test_the_table_that_nothing_used_goes(no_archive: str, version: str, has_table: bool) -> None:  # noqa: FBT001 - pytest's
    """An older archive loses its table of cursors; one that never had it comes forward too."""
    engine = create_engine(archive_url(no_archive))
    with engine.begin() as connection:
        migrate(connection, version)
        change = "INSERT INTO feed_cursor VALUES ('a', '1', '2024-05-01 00:00:00')"
        connection.execute(text(change if has_table else "DROP TABLE feed_cursor"))
    engine.dispose()
    with Archive.open(no_archive) as archive:
        assert not inspect(archive.engine).has_table("feed_cursor")


@pytest.mark.parametrize("version", [one for one in SCHEMA_VERSIONS if one < EXACT_DIGESTS_SINCE])
def test_people_come_out_of_the_evidence(no_archive: str, version: str, tmp_path: Path) -> None:
    """Articles of an older schema keep all they held, and their people move to columns of their own."""
    held = _write_old_articles(no_archive, version)
    with Archive.open(no_archive) as archive, archive.engine.connect() as connection:
        rows = list(connection.execute(select(revision).order_by(revision.c.id)).mappings())
        assert [{name: row[name] for name in held[0]} for row in rows] == held
        for row in rows:
            people = {name: row[name] for name in _PEOPLE}
            assert people == _PEOPLE_OF_KIND[row["id"] % len(_EVIDENCE)], row["id"]
        assert {(row["dateline"], row["markup"]) for row in rows} == {("", "")}
        found = search(connection, SearchRequest(query="清凉", limit=100))
        assert len(found.results) == len(held)
        assert list(verify(archive.engine, tmp_path / "captures")) == []


def _write_old_articles(address: str, version: str) -> list[dict[str, Any]]:
    """Thirty-six articles as unioncrawl wrote them under ``version``; their revisions."""
    engine = create_engine(archive_url(address), json_serializer=partial(json.dumps, ensure_ascii=False))
    old = MetaData()
    with engine.begin() as connection:
        migrate(connection, version)
        old.reflect(connection, only=["site", "article", "revision", "observation"])
        connection.execute(
            old.tables["site"].insert(), {"id": 1, "key": "xian", "name": "西安市总工会", "hosts": []}
        )
        for name in ("evidence", "steps"):
            old.tables["revision"].c[name].type = JSON(none_as_null=True)
        for name, kept in (
            ("article", "first_seen_at"),
            ("article", "last_seen_at"),
            ("article", "last_observed_at"),
            ("observation", "at"),
            ("revision", "seen_at"),
        ):
            old.tables[name].c[kept].type = UtcTime()
        held = [_old_revision(number) for number in range(1, 37)]
        connection.execute(old.tables["article"].insert(), [_old_article(row) for row in held])
        connection.execute(old.tables["revision"].insert(), held)
        connection.execute(old.tables["observation"].insert(), [_old_visit(row) for row in held])
        if version >= INDEX_WORDS_SINCE and connection.dialect.name == "sqlite":
            # PostgreSQL's of that time had another form, and is dropped in any case.
            rebuild_index(connection)
    engine.dispose()
    return held


def _old_article(row: dict[str, Any]) -> dict[str, Any]:
    url = f"http://x.cn/{row['id']}.html"
    return {
        "id": row["id"], "site_id": 1, "canonical_url": url, "url": url, "first_seen_at": row["seen_at"],
        "last_seen_at": row["seen_at"], "revision_id": row["id"], "revision_number": 1, "mirror": False,
        "content_hash": row["content_hash"], "last_observed_at": row["seen_at"], "hits_status": "no-counter",
    }  # fmt: skip


def _old_visit(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "article_id": row["id"], "at": row["seen_at"], "status": "no-counter"}


def _old_revision(number: int) -> dict[str, Any]:
    kind = number % len(_EVIDENCE)
    title, body = (
        f"送清凉到第{number}个工地",
        f"市总工会第{number}次慰问高温下的职工。\n大家都说好，送来的是清凉。",
    )
    step = {"field": "title", "kind": "script", "start": 0, "end": 1, "before": "涼", "after": "凉",
            "confidence": 1.0, "evidence": ""}  # fmt: skip
    return {
        "id": number, "article_id": number, "number": 1, "kind": "first",
        "seen_at": datetime(2024, 7, 1, 8, number, tzinfo=UTC),
        "content_hash": content_hash(title, body),
        "text_digest": digest64(normal_text(title), "", "", "", normal_text(body)),
        "title": title, "source": "工人日报", "author": "李方", "editor": "赵敏", "body_text": body,
        "evidence": _EVIDENCE[kind], "steps": [step] if kind == _DAMAGED else None,
    }  # fmt: skip


def _labelled(field: str, label: str, raw: str) -> dict[str, str]:
    return {"field": field, "rule": f"label:{label}", "raw": raw}


_PEOPLE = ("photographer", "correspondent", "reviewer", "proofreader", "original_source")
# What evidence the pages of kind 0, 1, 2 … left, and which people it names.
_EVIDENCE = (
    None,
    [_labelled("author", "记者", "李方"), _labelled("photographer", "摄影", "王小丫"),
     _labelled("correspondent", "通讯员", "陈然、周行")],
    [_labelled("editor", "责编", "赵敏"), _labelled("reviewer", "校对", "吴江"),
     _labelled("reviewer", "二审", "郑重"), _labelled("reviewer", "三审", "冯远"),
     _labelled("reviewer", "排版", "蒋华")],
    [_labelled("source", "来源", "雁川市总工会"), _labelled("source", "转自", "《工人日报》")],
    [_labelled("reviewer", "审核", "吳江(jiāng)"), {"field": "mirror", "rule": "notes", "raw": "3"}],
    [_labelled("reviewer", "审核", "管理员")],
)  # fmt: skip
_DAMAGED = 4
_NOBODY = dict.fromkeys(_PEOPLE, "")
_PEOPLE_OF_KIND = (
    _NOBODY,
    {**_NOBODY, "photographer": "王小丫", "correspondent": "陈然、周行"},
    {**_NOBODY, "reviewer": "郑重 冯远", "proofreader": "吴江"},
    {**_NOBODY, "original_source": "工人日报"},
    _NOBODY,
    _NOBODY,
)


def test_opening_again_changes_nothing(no_archive: str) -> None:
    """A second opening finds the schema present."""
    for _ in range(2):
        Archive.open(no_archive).close()


@pytest.mark.parametrize(("many", "said"), [(1, ["upgrade"]), (2, [])])
def test_an_older_index_is_built_again(
    no_archive: str,
    many: int,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An archive of the first schema is searched with the words that the present one knows.

    That takes a minute for 50,000 articles: of many it is said beforehand.
    """
    monkeypatch.setattr(upgrade, "_MANY_ARTICLES", many)
    engine = create_engine(archive_url(no_archive))
    with engine.begin() as connection:
        migrate(connection, "0001")
        for statement in _OLD_ROWS:
            connection.execute(text(statement))
    engine.dispose()
    with Archive.open(no_archive) as archive, archive.engine.connect() as connection:
        for query in ("总工会", "column:要闻", "-劳模"):
            assert [hit.id for hit in search(connection, SearchRequest(query=query)).results] == [1]
    spoken = [one.module for one in caplog.records if "from schema 0001 to" in one.message]
    assert spoken == said


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
