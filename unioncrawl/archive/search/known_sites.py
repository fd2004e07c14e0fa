"""Refuse a site that the archive does not know: an empty answer would pass for news that never were."""

from __future__ import annotations

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import site
from unioncrawl.archive.search.query import And, Filter, Node, Or
from unioncrawl.archive.sql import bytewise
from unioncrawl.errors import SiteUnknown
from unioncrawl.language.folding import fold

_SHOWN = 20


def find_site(connection: Connection, key: str) -> None:
    """Check that the archive knows a site; an empty one passes.

    Raises `SiteUnknown`.
    """
    if not key:
        return
    known = list(connection.execute(select(site.c.key).order_by(bytewise(site.c.key))).scalars())
    if fold(key) not in map(fold, known):
        more = " …" if len(known) > _SHOWN else ""
        raise SiteUnknown(
            f"the archive has no site {key}.",
            next_step=f"It has {', '.join(known[:_SHOWN]) or 'none'}{more}.",
            stage="archive",
        )


def known_sites(connection: Connection) -> dict[str, str]:
    """Return the name of each site by its key, in the order of the keys."""
    query = select(site.c.key, site.c.name).order_by(bytewise(site.c.key))
    return {row.key: row.name or row.key for row in connection.execute(query)}


def refuse_unknown_sites(connection: Connection, node: Node) -> None:
    """Check that the archive knows each site that a query asks for; one that it leaves out may be unknown.

    Raises `SiteUnknown`.
    """
    match node:
        case Filter(field="site", value=key):
            find_site(connection, str(key))
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                refuse_unknown_sites(connection, part)
