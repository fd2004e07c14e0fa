"""The site files that a person who knows a site would write, and when a redesign leaves one wrong."""

from __future__ import annotations

from datetime import datetime

from bench.soak_world.looks import Look
from bench.soak_world.site import Site

_POLITENESS = "[politeness]\ndelay_seconds = 0\nconcurrent_requests = 16\nautothrottle = false\n"


def site_file(site: Site, at: datetime) -> str:
    """Return the right site file of a time; hosts that the site had before stay in it."""
    number, look = site.number_of_period(at), site.look(at)
    earlier = [one.look.host for one in reversed(site.periods[:number])]
    quoted = ", ".join(f'"{host}"' for host in dict.fromkeys([look.host, *earlier]))
    pattern = look.addresses.article_url
    columns = "".join(
        f'  {{ name = "{name}", url = "{look.base}{look.list_path(column, 1, 1)}" }},\n'
        for column, name in enumerate(site.column_names)
    )
    return (
        f'id = "{site.site_id}"\nname = "{site.name}"\nlevel = "city"\nfamily = "{look.addresses.family}"\n'
        f'hosts = [{quoted}]\nscheme = "{look.protocol}"\n'
        + (f"article_url = '{pattern}'\n" if pattern else "")
        + f"columns = [\n{columns}]\n{_POLITENESS}"
    )


def needs_new_file(before: Look, after: Look) -> bool:
    """Whether a redesign leaves a site file wrong: its columns, hosts, family or form of addresses."""
    lists = [
        (one.base, one.list_path(0, 1, 1), one.list_path(1, 1, 1), one.scheme) for one in (before, after)
    ]
    return lists[0] != lists[1]
