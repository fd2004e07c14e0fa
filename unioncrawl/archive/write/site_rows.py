"""The rows of sites and their columns (栏目)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from unioncrawl.archive.schema import site, site_column
from unioncrawl.archive.sql import next_id
from unioncrawl.language.folding import fold
from unioncrawl.sites.profile import SiteProfile

_SITES = select(site.c.key, site.c.id)
_COLUMNS = (
    select(site_column)
    .where(site_column.c.site_id.in_(bindparam("sites", expanding=True)))
    .order_by(site_column.c.id.desc())
)


def save_profile(connection: Connection, profile: SiteProfile) -> None:
    """Insert or update a site and its columns."""
    number = site_id(connection, profile.id)
    values: dict[str, Any] = {
        "name": profile.name,
        "level": profile.level.value,
        "region": profile.region,
        "family": profile.family,
        "hosts": list(profile.hosts),
        "scheme": profile.scheme,
    }
    connection.execute(update(site).where(site.c.id == number).values(**values))
    known = columns_of(connection, [number])
    for column in profile.columns:
        found = known.get((number, folded_name(column.name)))
        if found is None:
            found = add_column(connection, number, column.name)
        connection.execute(update(site_column).where(site_column.c.id == found).values(url=column.url))


def all_sites(connection: Connection) -> dict[str, int]:
    """Return the numbers of all sites, by id."""
    return {row.key: row.id for row in connection.execute(_SITES)}


def site_id(connection: Connection, key: str) -> int:
    """Return the number of a site; a site without a site file gets a bare row."""
    number = connection.execute(select(site.c.id).where(site.c.key == key)).scalar()
    if number is None:
        number = next_id(connection, site)
        connection.execute(insert(site).values(id=number, key=key, name=key, hosts=[]))
    return number


def columns_of(connection: Connection, sites: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return the numbers of the columns of these sites, by their site's number and folded name."""
    rows = connection.execute(_COLUMNS, {"sites": sites})
    return {(row.site_id, folded_name(row.name)): row.id for row in rows}


@lru_cache(maxsize=10_000)
def folded_name(name: str) -> str:
    """Return a column's name folded for comparison; cached, for few columns come with every article."""
    return fold(name)


def add_column(connection: Connection, site_number: int, name: str) -> int:
    """Insert a new column and return its number."""
    number = next_id(connection, site_column)
    connection.execute(insert(site_column).values(id=number, site_id=site_number, name=name))
    return number
