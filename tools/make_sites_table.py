"""Write docs/sites.md from the bundled site files."""

from __future__ import annotations

from pathlib import Path

from unioncrawl.sites.catalogue import Catalogue, load_catalogue
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.profile import Level, SiteProfile

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "sites.md"
_INTRODUCTION = """\
# Sites

This file is made from the site files by `python tools/make_sites_table.py`; a test compares the two.

*Seen* means that a page or list of the site was seen and the file follows it; *inferred* means that
its columns or patterns follow from an article's address and nobody has checked them yet: run
`unioncrawl sites check` with a saved page, and set `verified` when it is right. *Closed* sites are
listed so that nobody tries again in vain; `unioncrawl crawl --all` leaves them out.
"""


def sites_document(catalogue: Catalogue) -> str:
    """Return the whole document: a table of families, then one of sites for each level."""
    profiles = sorted(catalogue.profiles.values(), key=lambda profile: profile.id)
    sections = [_INTRODUCTION, _families(profiles)]
    for level in Level:
        of_level = [profile for profile in profiles if profile.level is level]
        if of_level:
            sections.append(_level(level, of_level))
    return "\n".join(sections)


def _families(profiles: list[SiteProfile]) -> str:
    rows = ["## Families\n", "| family | system | sites | addresses, and what to know |", "|---|---|---|---|"]
    for family in sorted(FAMILIES.values(), key=lambda family: family.id):
        number = sum(profile.family == family.id for profile in profiles)
        rows.append(f"| `{family.id}` | {family.title} | {number} | {family.note} |")
    return "\n".join(rows) + "\n"


def _level(level: Level, profiles: list[SiteProfile]) -> str:
    rows = [
        f"## {level.value.capitalize()} ({len(profiles)})\n",
        "| id | name | host | family | region | state | columns |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [_row(profile) for profile in profiles]
    return "\n".join(rows) + "\n"


def _row(profile: SiteProfile) -> str:
    state = f"closed: {profile.closed}" if profile.closed else "seen" if profile.verified else "inferred"
    columns = ", ".join(column.name for column in profile.columns) or "home page"
    cells = (profile.id, profile.name, profile.hosts[0], profile.family, profile.region, state, columns)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(sites_document(load_catalogue()), encoding="utf-8")
    print(f"wrote {DOCUMENT}")
