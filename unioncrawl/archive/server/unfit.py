"""Refuse a PostgreSQL that an archive can't be in: too old, or without an encoding for all characters."""

from __future__ import annotations

import shlex

from sqlalchemy import Connection, text

from unioncrawl.archive.server.shown_url import shown_url
from unioncrawl.errors import ArchiveError

# The oldest version that its makers still mended when this was written
# (https://www.postgresql.org/support/versioning/), and the oldest that all of this was tried on.
OLDEST = 14
_ENCODING = "UTF8"
# 140005 is 14.5: https://www.postgresql.org/docs/current/runtime-config-preset.html
_OF_ONE_VERSION = 10_000


def refuse_unfit(connection: Connection, oldest: int = OLDEST) -> None:
    """Raise `ArchiveError` where the server or the database can't hold an archive.

    Another encoding than UTF-8 has no place for characters that names and quotations of news have
    (GBK lacks 𬱖 and 😀), and SQL_ASCII takes any bytes for text. How a database orders and folds
    (its locale) is no matter: see `unioncrawl.archive.sql.bytewise`.
    """
    if connection.dialect.name != "postgresql":
        return
    asked = text("SELECT current_setting('server_version'), current_setting('server_version_num')::int")
    version, number = connection.execute(asked).one()
    shown = shown_url(connection.engine.url)
    if number < oldest * _OF_ONE_VERSION:
        raise ArchiveError(
            f"the server of {shown} is PostgreSQL {version}; an archive needs {oldest} or newer.",
            next_step="Upgrade the server, or name a database on another one.",
            stage="archive",
        )
    encoding = connection.execute(text("SELECT current_setting('server_encoding')")).scalar_one()
    if encoding != _ENCODING:
        name = shlex.quote(f"{connection.engine.url.database or 'news'}_utf8")
        raise ArchiveError(
            f"the database {shown} has the encoding {encoding}, which can't hold every character of the news"
            f" that an archive keeps; it must be {_ENCODING}.",
            next_step=f"Make another database and name it: createdb --template=template0 --encoding=UTF8 "
            f"--locale=C.UTF-8 {name}",
            stage="archive",
        )
