"""Tests for `unioncrawl.sites.catalogue`."""

from __future__ import annotations

from pathlib import Path

import pytest

from unioncrawl.errors import SiteFileError
from unioncrawl.sites.catalogue import bundled_folder, load_catalogue, own_folders, read_site_file

GOOD = """\
id = "mysite"
name = "某市总工会"
level = "city"
family = "xunrui"
hosts = ["www.example.org"]
"""


def write(folder: Path, text: str, name: str = "mysite.toml") -> Path:
    """Write a site file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_short_file_gets_its_familys_defaults(tmp_path: Path) -> None:
    """A file of five lines loads, with the article pattern of its family."""
    profile = read_site_file(write(tmp_path, GOOD))
    assert profile.name == "某市总工会"
    assert "c=show" in profile.article_url


def test_what_the_file_says_wins_over_the_family(tmp_path: Path) -> None:
    """A file's own article pattern is kept as it is."""
    profile = read_site_file(write(tmp_path, GOOD + "article_url = '/news/\\d+'\n"))
    assert profile.article_url == r"/news/\d+"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace('level = "city"', 'level = "town"'), ["'level'", "'town'", "'county'"]),
        (GOOD.replace('name = "某市总工会"\n', ""), ["'name'", "is missing"]),
        (GOOD + 'selecters = "h1"\n', ["'selecters'", "not a key", "selectors"]),
        (GOOD + '[selectors]\ntitel = "h1"\n', ["'selectors.titel'", "lead_title"]),
        (GOOD.replace("xunrui", "linxicms"), ["'family'", "'linxicms'", "generic"]),
        (GOOD + 'region = "63"\n', ["'region'", "'63'", r"\d{6}"]),
        (GOOD + "article_url = '('\n", ["'article_url'", "regular expression"]),
        (GOOD + "article_url = '/(?:\\w+)+$'\n", ["'article_url'", "already repeats", "stop the crawl"]),
        (GOOD + "[politeness]\ndelay_seconds = -1\n", ["'politeness.delay_seconds'", "0.0 or more"]),
        (GOOD + "hosts = []\n", ["not TOML", "line 6"]),
        (GOOD.replace('["www.example.org"]', "[]"), ["'hosts'", "at least 1"]),
        (GOOD.replace('["www.example.org"]', "[1]"), ["'hosts.0'", "is not text"]),
        (GOOD + "[selectors]\ntitle = 'h1['\n", ["'selectors.title'", "not a CSS selector"]),
        (GOOD + "[selectors]\nbody = 'p::text'\n", ["'selectors.body'", "not a CSS selector"]),
        (GOOD + "[selectors]\nbody = 'svg|p'\n", ["'selectors.body'", "not a CSS selector"]),
        (GOOD + "columns = [1]\n", ["'columns.0'", "is not a table"]),
        (GOOD + "notes = " + "[" * 5000 + "]" * 5000 + "\n", ["not TOML", "recursion"]),
    ],
)
def test_an_error_names_file_key_why_and_what_is_allowed(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """A file with an error says which file, which key, why, and what is allowed."""
    path = write(tmp_path, text)
    with pytest.raises(SiteFileError) as caught:
        read_site_file(path)
    for part in [str(path), *expected]:
        assert part in str(caught.value)


def test_a_wrong_time_zone_is_refused_when_the_file_is_read(tmp_path: Path) -> None:
    """A zone that no database knows is reported with its key; a right one of another country is taken."""
    text = 'id = "linxi"\nname = "临溪市总工会"\nlevel = "city"\nfamily = "generic"\nhosts = ["gh.example"]\n'
    file = tmp_path / "linxi.toml"
    for wrong in ("Asia/Peking", "+08:00", "../etc", "北京"):
        file.write_text(f'{text}time_zone = "{wrong}"\n', encoding="utf-8")
        with pytest.raises(SiteFileError, match="key 'time_zone' is not a time zone"):
            read_site_file(file)
    file.write_text(f'{text}time_zone = "Asia/Tokyo"\n', encoding="utf-8")
    assert read_site_file(file).time_zone == "Asia/Tokyo"


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    """A file in GBK is reported as not UTF-8, with the place."""
    path = tmp_path / "gbk.toml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SiteFileError, match="not UTF-8"):
        read_site_file(path)


def test_a_bad_file_leaves_the_others(tmp_path: Path) -> None:
    """One file with an error is a reported problem; every other site still loads."""
    write(tmp_path, GOOD)
    write(tmp_path, "id = ", name="broken.toml")
    catalogue = load_catalogue([tmp_path])
    assert "mysite" in catalogue.profiles
    assert [str(tmp_path / "broken.toml") in str(problem) for problem in catalogue.problems] == [True]


def test_two_files_with_one_id_are_reported(tmp_path: Path) -> None:
    """Of two files with one id the first loads and the second is reported, with both names."""
    write(tmp_path, GOOD, name="a.toml")
    write(tmp_path, GOOD.replace("某市", "另市"), name="b.toml")
    catalogue = load_catalogue([tmp_path])
    assert catalogue.profiles["mysite"].name == "某市总工会"
    message = str(catalogue.problems[0])
    assert "a.toml" in message
    assert "b.toml" in message


def test_own_file_replaces_a_bundled_one(tmp_path: Path) -> None:
    """A user's file with a bundled id takes its place, and the catalogue says so."""
    bundled = load_catalogue()
    taken = next(iter(bundled.profiles))
    write(tmp_path, GOOD.replace("mysite", taken))
    catalogue = load_catalogue([tmp_path])
    assert catalogue.profiles[taken].hosts == ("www.example.org",)
    assert catalogue.overridden == (bundled.files[taken],)


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    """A missing folder of own site files is a reported problem, not a crash."""
    catalogue = load_catalogue([tmp_path / "nowhere"])
    assert "nowhere" in str(catalogue.problems[0])


def test_folders_come_from_setting_and_environment() -> None:
    """Folders of the setting come first, then those of the variable, separated as in PATH."""
    assert own_folders(["a"], {"UNIONCRAWL_SITES_DIRS": "b:c"}) == [Path("a"), Path("b"), Path("c")]


def test_every_bundled_file_loads() -> None:
    """Each bundled site file is sound and named after its id."""
    catalogue = load_catalogue()
    assert catalogue.problems == ()
    assert {path.stem for path in bundled_folder().glob("*.toml")} == set(catalogue.profiles)
