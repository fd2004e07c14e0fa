"""Print the address of a server as somebody gave it."""

from __future__ import annotations

from sqlalchemy.engine import URL


def shown_url(url: URL) -> str:
    """An address as somebody gave it: without its password and the driver that we chose.

    >>> from sqlalchemy import make_url
    >>> shown_url(make_url("postgresql+psycopg://crawler:秘密@db/news"))
    'postgresql://crawler:***@db/news'
    """
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
