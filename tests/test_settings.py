"""Settings of our own follow the environment."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings
from typer.testing import CliRunner

from unioncrawl import settings
from unioncrawl.addon import Addon, OwnComponents
from unioncrawl.cli import app
from unioncrawl.errors import UnioncrawlError
from unioncrawl.sites.catalogue import own_folders

OURS = sorted(name for name in vars(settings) if name.startswith("UNIONCRAWL_"))
# Read where the folders are looked for, because it holds several.
FOLDERS = "UNIONCRAWL_SITES_DIRS"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Leave the module as it was found."""
    kept = dict(vars(settings))
    yield
    vars(settings).update(kept)


def _loaded() -> Settings:
    loaded = Settings()
    loaded.setmodule(importlib.reload(settings), priority="project")
    return loaded


@pytest.mark.parametrize("name", [name for name in OURS if name != FOLDERS])
def test_the_environment_sets_each_of_our_settings(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A variable of a setting's name is its value, which ``-s`` overrides."""
    monkeypatch.setenv(name, "7")
    loaded = _loaded()
    assert loaded.getfloat(name) == 7
    loaded.set(name, "8", priority="cmdline")
    assert loaded.getfloat(name) == 8


def test_folders_of_sites_follow_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable's folders come after those of the setting."""
    monkeypatch.setenv(FOLDERS, "/a:/b")
    assert own_folders(["/own"]) == [Path("/own"), Path("/a"), Path("/b")]
    assert _loaded().getlist(FOLDERS) == []


@pytest.mark.parametrize("name", [name for name in OURS if name != FOLDERS])
def test_an_empty_variable_counts_for_texts_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """An empty number is the default; an empty text is empty."""
    monkeypatch.delenv(name, raising=False)
    default = _loaded()[name]
    monkeypatch.setenv(name, "")
    assert _loaded()[name] == ("" if isinstance(default, str | None) else default)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("UNIONCRAWL_KNOWN_MARGIN", "five"),
        ("UNIONCRAWL_KNOWN_MARGIN", "2.5"),
        ("UNIONCRAWL_MAX_UNSAVED", "-1"),
        ("UNIONCRAWL_FLUSH_SECONDS", "nan"),
        ("UNIONCRAWL_PATIENCE_SECONDS", "5 min"),
        ("UNIONCRAWL_MAX_BODY_BYTES", "64M"),
    ],
)
def test_a_wrong_number_is_refused_in_a_sentence(name: str, given: str) -> None:
    """The sentence names the setting, the value and the default; each is read before anything is asked."""
    with pytest.raises(UnioncrawlError, match=rf"{name}={given}: not a (whole )?number") as caught:
        OwnComponents().update_settings(Settings({name: given}))
    assert "Its default is" in str(caught.value)


def test_every_number_of_ours_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting whose default is a number refuses a word, however it is given; the defaults pass."""
    settings.refuse_wrong_settings(_loaded())
    numbers = [name for name in OURS if isinstance(_loaded()[name], (int, float))]
    assert len(numbers) >= 10
    for name in numbers:
        monkeypatch.setenv(name, "many")
        with pytest.raises(UnioncrawlError, match=name):
            settings.refuse_wrong_settings(_loaded())
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("UNIONCRAWL_ARCHVE", "Did you mean UNIONCRAWL_ARCHIVE?"),
        ("unioncrawl_captures", "Did you mean UNIONCRAWL_CAPTURES?"),
        ("UNIONCRAWL_MAX_PAGES", "Did you mean UNIONCRAWL_MAX_LIST_PAGES?"),
        ("UNIONCRAWL_REPAIR_ENABLE", "Did you mean UNIONCRAWL_REPAIR_ENABLED?"),
        ("UNIONCRAWL_XYZ", "There are UNIONCRAWL_ARCHIVE, "),
    ],
)
def test_an_unknown_setting_is_refused_with_what_may_be_meant(name: str, meant: str) -> None:
    """A misspelt setting, which would have no effect, ends any crawl before it begins."""
    with pytest.raises(UnioncrawlError, match=f"{name}: no setting of unioncrawl") as caught:
        Addon().update_settings(Settings({name: "1"}))
    assert meant in str(caught.value)


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is named on stderr by every command; the command runs, for it may be another's."""
    monkeypatch.setenv("UNIONCRAWL_ARCHVE", "old.db")
    done = CliRunner().invoke(app, ["repair", "-"], input="全國(guó)總工會(huì)")
    assert (done.exit_code, done.stdout) == (0, "全国总工会")
    assert "the environment variable UNIONCRAWL_ARCHVE is no setting of unioncrawl." in done.stderr
    assert "Did you mean UNIONCRAWL_ARCHIVE?" in done.stderr


@pytest.mark.parametrize("contact", ["the archive\r\nX: y", "李方", "li@linxi.example)", 'a"b@c.example'])
def test_a_contact_that_nobody_can_use_is_refused(contact: str) -> None:
    """A contact is a mail or a web address that may stand in a header; the sentence shows one."""
    with pytest.raises(UnioncrawlError, match=r"neither a mail address.*you@example\.org"):
        settings.refuse_wrong_settings({"UNIONCRAWL_CONTACT": contact})


def test_a_search_index_is_named_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that one crawl is given by ``-s`` is refused: searches would not know of it."""
    monkeypatch.delenv("UNIONCRAWL_SEARCH_INDEX", raising=False)
    with pytest.raises(UnioncrawlError, match="only the environment names a search index"):
        settings.refuse_wrong_settings({"UNIONCRAWL_SEARCH_INDEX": "tantivy"})
    monkeypatch.setenv("UNIONCRAWL_SEARCH_INDEX", "tantivy")
    settings.refuse_wrong_settings({"UNIONCRAWL_SEARCH_INDEX": "tantivy"})
