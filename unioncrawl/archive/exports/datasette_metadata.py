"""What Datasette shows of an archive: its tables, views and columns in words, and the example queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect

from unioncrawl.archive.exports.meanings import about_table, about_view, column_meaning, example_queries
from unioncrawl.archive.schema import VIEWS

_ABOUT = (
    "News of Chinese labour unions, collected by unioncrawl. Begin with the views articles, hit_series,"
    " reprint_pairs and site_days. 中国各级工会网站新闻；请从四个视图看起。"
)


def datasette_metadata(connection: Connection, name: str) -> dict[str, Any]:
    """Return the metadata of an archive that Datasette opens under a name (https://docs.datasette.io/).

    Columns are described in English and Chinese.
    """
    inspector = inspect(connection)
    shown: dict[str, Any] = {table: {"description": str(meaning)} for table, meaning in about_table().items()}
    for view in VIEWS:
        columns = [str(column["name"]) for column in inspector.get_columns(view)]
        shown[view] = {
            "description": str(about_view(view)),
            "columns": {column: str(column_meaning(view, column)) for column in columns},
        }
    queries = {
        query.name: {"title": str(query.title.english), "description": query.title.chinese, "sql": query.sql}
        for query in example_queries()
    }
    database = {"description": _ABOUT, "tables": shown, "queries": queries}
    return {"title": "工会新闻 Union news", "description": _ABOUT, "databases": {name: database}}
