from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.databases import archive_at
from tests.service.health.updates.changed_site import COLUMNS, FILE, TEXT, TITLES, ChangedSite
from unioncrawl.archive.store import Archive
from unioncrawl.cli import app
from unioncrawl.errors import FetchFailed
from unioncrawl.model import Article
from unioncrawl.sites.catalogue import SITES_DIRS_VARIABLE

MOVED = ChangedSite(list_path="/list-{c}.html")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site file, an archive of its articles, and saved pages of the site as it is now."""
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "linxi.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv(SITES_DIRS_VARIABLE, str(tmp_path / "sites"))
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        run = archive.begin_run("linxi", {})
        for name, titles in TITLES.items():
            for number, title in enumerate(titles):
                url = f"http://www.linxi-gh.example/{COLUMNS[name]}/{100 + number}.html"
                text = TEXT.format(title=title)
                archive.store(Article(url=url, site="linxi", title=title, column=name, body_text=text), run)
        archive.flush()
    pages = ["/", *(f"/list-{name}.html" for name in COLUMNS.values())]
    pages += [f"/{name}/{100 + number}.html" for name in COLUMNS.values() for number in range(3)]
    for number, page in enumerate(pages):
        raw = MOVED.fetch(f"http://www.linxi-gh.example{page}")
        saved = f"<!-- saved from url=(0030){raw.url} -->".encode() + raw.body
        (tmp_path / f"{number}.html").write_bytes(saved)
    return tmp_path


def propose(folder: Path, *arguments: str) -> Result:
    """Run the command over the saved pages."""
    pages = [part for file in sorted(folder.glob("*.html")) for part in ("--page", str(file))]
    address = ["--archive", archive_at(folder / "archive.db")]
    return CliRunner().invoke(app, ["sites", "propose-update", "linxi", *pages, *address, *arguments])


def test_a_changed_site_gets_a_proven_file(folder: Path) -> None:
    """Lists that moved are found in saved pages, with a difference, a proof and a file."""
    result = propose(folder, "-o", str(folder / "new.toml"))
    assert result.exit_code == 0, result.output
    assert '+  { name = "工会要闻", url = "http://www.linxi-gh.example/list-yw.html" },' in result.output
    assert "6 archived articles are on the lists; the file takes 6 of them." in result.output
    assert "list-jc.html" in (folder / "new.toml").read_text(encoding="utf-8")


def test_a_proposal_without_proof_exits_with_1(folder: Path) -> None:
    """With the home page alone no list is found, and a person must look."""
    for file in folder.glob("[1-9].html"):
        file.unlink()
    result = propose(folder, "--json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert (record["proven"], record["changed"]) == (False, False)
    assert any("工会要闻 was not found (http://" in line for line in record["to_check"])
    assert "No change is proposed." in propose(folder).output


def test_of_a_site_that_does_not_answer_nothing_is_said(folder: Path) -> None:
    """Without any page the command names an address, the reason and the next step; it proposes nothing."""
    for file in folder.glob("*.html"):
        file.unlink()
    (folder / "other.html").write_text(
        "<!-- saved from url=(0030)http://other.example/ --><p>别处</p>", encoding="utf-8"
    )
    result = propose(folder)
    assert result.exit_code != 0
    assert isinstance(result.exception, FetchFailed)
    assert "http://www.linxi-gh.example/" in str(result.exception)
    assert "no page of the site came" in str(result.exception)
    assert result.stdout == ""
