"""Bring an archive back to the schema of an older version, as that version would have left it."""

from __future__ import annotations

from sqlalchemy import Connection, text

from unioncrawl.archive.schema import FILLED_SINCE

SINCE_0003 = (
    "exact_digest", "photographer", "correspondent", "reviewer", "proofreader", "original_source", "dateline",
    "markup",
)  # fmt: skip

TABLES_OF_0011 = ("notice", "watch", "alert")
TABLES_OF_0012 = ("planned_site", "host_pace", "recent_edge_paragraph")

# Those that read others first; the last one is SQLite's alone.
VIEWS_OF_0008 = ("reprint_pairs", "articles", "hit_series", "site_days", "search_content")


def bring_back_to(connection: Connection, version: str) -> None:
    """Undo the migrations: the archive is as ``version`` wrote it."""
    for statement in _statements(connection, version):
        connection.execute(text(statement))
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def _statements(connection: Connection, version: str) -> list[str]:
    undone = _without_places_in_pieces(connection) if version < "0013" else []
    undone += [f"DROP TABLE {name}" for name in TABLES_OF_0012] if version < "0012" else []
    if version < "0012":
        undone += [
            "DROP INDEX revision_by_content",
            "CREATE INDEX article_by_content ON article (content_hash)",
            "ALTER TABLE url_alias DROP COLUMN shown_digest",
            "ALTER TABLE article DROP COLUMN moved_to",
            *_without_pieces(connection),
        ]
    undone += _merged_more_often(connection) if "0010" <= version < "0012" else []
    undone += [f"DROP TABLE {name}" for name in TABLES_OF_0011] if version < "0011" else []
    undone += _without_places(connection) if version < "0010" else []
    undone += ["DROP INDEX revision_by_digest"] if version < "0009" else []
    undone += [f"DROP VIEW IF EXISTS {name}" for name in VIEWS_OF_0008] if version < "0008" else []
    undone += ["DROP TABLE site_model", _without("site_model")] if version < "0007" else []
    undone += ["DROP TABLE story_part"] if version < "0006" else []
    undone += [_without(name) for name in FILLED_SINCE["0005"]] if version < "0005" else []
    if version < "0004":
        undone.append("CREATE TABLE feed_cursor (name TEXT PRIMARY KEY, position TEXT NOT NULL)")
    undone += [_without(name) for name in SINCE_0003] if version < "0003" else []
    if version < "0002":
        undone += ["DROP INDEX article_by_time", "CREATE INDEX article_by_time ON article (published_at)"]
        # The words of that time were others; what stands there is thrown away in any case.
        undone.append("DELETE FROM search_document")
    return undone


def _merged_more_often(connection: Connection) -> list[str]:
    """Return what gives SQLite's index the settings that it had before 0012."""
    if connection.dialect.name != "sqlite":
        return []
    settings = (("automerge", 8), ("crisismerge", 16), ("hashsize", 4_194_304))
    return [
        f"INSERT INTO search_index(search_index, rank) VALUES ('{name}', {set_to})"  # noqa: S608 - ours
        for name, set_to in settings
    ]


def _without_places_in_pieces(connection: Connection) -> list[str]:
    """Return what makes PostgreSQL's index as it was, empty: a newer version fills it again."""
    if connection.dialect.name == "sqlite":
        return []
    return ["DELETE FROM search_index_leaf", "ALTER TABLE search_index_leaf DROP COLUMN places"]


def _without_pieces(connection: Connection) -> list[str]:
    """Return what makes PostgreSQL's index as it was, empty: a newer version drops it in any case."""
    if connection.dialect.name == "sqlite":
        return []
    return [
        "DROP TABLE search_index_leaf",
        "DROP TABLE search_index_piece",
        "CREATE TABLE search_index (id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX search_index_tokens ON search_index USING gin (tokens)",
    ]


def _without_places(connection: Connection) -> list[str]:
    """Return what makes SQLite's index as it was, empty: a newer version fills it again."""
    if connection.dialect.name != "sqlite":
        return []
    options = "tokens, content='', detail=none, columnsize=0, tokenize='ascii'"
    return ["DROP TABLE search_index", f"CREATE VIRTUAL TABLE search_index USING fts5({options})"]


def _without(column: str) -> str:
    return f"ALTER TABLE revision DROP COLUMN {column}"
