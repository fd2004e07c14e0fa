from __future__ import annotations

import tomllib

import pytest

from tests.service.health.updates.changed_site import COLUMNS, FILE, ChangedSite, known
from unioncrawl.service.health.updates.known_titles import KnownTitles
from unioncrawl.service.health.updates.propose import Update, propose_update
from unioncrawl.sites.profile import SiteProfile

PROFILE = SiteProfile.model_validate(tomllib.loads(FILE))
HTTPS, NEW_HOST = "https://www.linxi-gh.example", "http://www.linxi-zgh.example"
SWAPPED = {"工会要闻": "jc", "基层动态": "jc2"}
REDESIGNS: dict[str, tuple[ChangedSite, dict[str, object]]] = {
    "nothing": (ChangedSite(), {}),
    "https": (ChangedSite(base=HTTPS), {"scheme": "https"}),
    "lists moved": (ChangedSite(list_path="/list-{c}.html"), {}),
    "lists moved, the old ones lead home": (ChangedSite(list_path="/list-{c}.html", lost="home"), {}),
    "columns renumbered": (ChangedSite(folders=SWAPPED), {"article_url": r"/(?:jc|jc2)/"}),
    "new addresses": (ChangedSite(article_path="/show_{n}.shtml?c={c}"), {"article_url": r"/show_"}),
    "another host": (
        ChangedSite(base=NEW_HOST),
        {"hosts": ["www.linxi-zgh.example", "www.linxi-gh.example"]},
    ),
}


def propose(site: ChangedSite, titles: KnownTitles) -> Update:
    """What the site's file needs."""
    return propose_update(PROFILE, FILE, titles, site.fetch)


@pytest.mark.parametrize("redesign", REDESIGNS)
def test_a_redesign_is_found_and_proven(redesign: str) -> None:
    """The columns are where the site's menu says, the other keys follow, and archived articles prove it."""
    site, _ = REDESIGNS[redesign]
    update = propose(site, known())
    assert update.is_proven, update.to_check
    assert (update.titles, update.entries) == (6, 6)
    columns = {one["name"]: one["url"] for one in tomllib.loads(update.text)["columns"]}
    assert columns == {name: site.base + site.list_path.format(c=site.folders[name]) for name in COLUMNS}
    assert bool(update.difference) == (redesign != "nothing")


@pytest.mark.parametrize("redesign", ["https", "another host"])
def test_scheme_and_hosts_follow(redesign: str) -> None:
    """The scheme is the new one; a new host goes first, and the old one stays."""
    site, expected = REDESIGNS[redesign]
    file = tomllib.loads(propose(site, known()).text)
    assert {key: file[key] for key in expected} == expected


def test_comments_and_other_keys_stay() -> None:
    """A proposed file differs in what the redesign changed and in nothing else."""
    update = propose(ChangedSite(base=HTTPS), known())
    assert 'id = "linxi" # 临溪\n' in update.text
    assert "[politeness]\ndelay_seconds = 3\n" in update.text
    assert update.difference.count("\n-") == 3  # the scheme and two columns


def test_without_archived_titles_nothing_is_proven() -> None:
    """A site whose archived articles are on no list any more needs a person."""
    update = propose(ChangedSite(list_path="/list-{c}.html"), KnownTitles([]))
    assert not update.is_proven
    assert any("no archived article" in line for line in update.to_check)
