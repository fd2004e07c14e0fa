"""Brings sites into the plan of an archive's workers, and says what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import typer

from unioncrawl import settings as defaults
from unioncrawl.archive.database import writing
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import SiteFileError
from unioncrawl.service.jobs.plan import (
    Kinds,
    Synced,
    compare_plan,
    kinds_of,
    planned_sites,
    removed_from_plan,
    write_plan,
)
from unioncrawl.service.jobs.queue_address import refuse_without_queue
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.words import Words
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.level import Level

_SAID = {
    "added": Words("新增", "added"),
    "changed": Words("变更", "changed"),
    "removed": Words("移除", "removed"),
}
_SUMMARY = Words("计划中共 {} 个网站。", "The plan has {} sites.")
_WOULD = Words("计划将有 {} 个网站；尚未写入。", "The plan would have {} sites; nothing was written.")


def synced(archive: str, sites: Sequence[str], *, is_removal: bool, is_dry: bool) -> Synced:
    """Change the plan of an archive, and make its queue; return what changed.

    Raises `QueueUnavailable` where there can be no queue, `SiteFileError` for an unknown or closed site.
    """
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.queue_schema import bring_queue_up_to_date  # noqa: PLC0415 - with `scale`

    if is_removal and not sites:
        raise typer.BadParameter("name the sites to take out of the plan", param_hint="--remove")
    wanted = {} if is_removal else _wanted(sites)
    if not is_dry:
        bring_queue_up_to_date(archive)
    with Archive.open(archive) as opened, writing(opened.engine) as connection:
        planned = planned_sites(connection)
        if is_removal:
            changed = removed_from_plan(planned, sites)
        else:
            changed = compare_plan(planned, wanted, is_whole=not sites)
        if not is_dry:
            write_plan(connection, changed, now())
    return changed


def _wanted(sites: Sequence[str]) -> dict[str, Kinds]:
    catalogue = load_catalogue(own_folders(defaults.UNIONCRAWL_SITES_DIRS))
    for problem in catalogue.problems:
        say(f"unioncrawl: left out: {problem}", err=True)
    names = [_known(site, catalogue) for site in sites] or [
        name
        for name, profile in catalogue.profiles.items()
        if not profile.closed and profile.level is not Level.PRACTICE
    ]
    return {name: kinds_of(catalogue.profiles[name]) for name in sorted(names)}


def _known(site: str, catalogue: Catalogue) -> str:
    profile = catalogue.profiles.get(site)
    if profile is None:
        raise SiteFileError(f"there is no site '{site}'.", next_step="See: unioncrawl sites list")
    if profile.closed:
        raise SiteFileError(
            f"{site} is closed to crawlers: {profile.closed}.", next_step="Leave it out of the plan."
        )
    return site


def print_synced(changed: Synced, language: str, *, as_json: bool, is_dry: bool) -> None:
    """Print each site that comes, changes or goes, and how many the plan has."""
    parts: dict[str, Mapping[str, Kinds]] = {name: getattr(changed, name) for name in _SAID}
    total = len(changed.added) + len(changed.changed) + len(changed.unchanged)
    if as_json:
        said = {name: {site: list(kinds) for site, kinds in part.items()} for name, part in parts.items()}
        print_json({**said, "sites": total, "written": not is_dry})
        return
    for name, part in parts.items():
        for site, kinds in part.items():
            say(f"{_SAID[name].of(language)}: {site} ({', '.join(kinds)})")
    say((_WOULD if is_dry else _SUMMARY).of(language).format(total))
