"""One changed byte in the database: it is named, and costs no other article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.archive.small_archive import fill
from tests.databases import archive_at, ask_at, in_files
from unioncrawl.archive.exports.export import ExportRequest, export_file
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.archive.verify.read_errors import reading
from unioncrawl.cli import app
from unioncrawl.errors import ArchiveError, ArticleDamaged

# What a flipped bit leaves in a column of article 3, and how verify names the column.
DAMAGES = {
    "body_text": b"\xe5\xb8\x82\xe6\x80\x3b",
    "title": b"\xff",
    "published_at": b"2024-04-1q 01:00:00",
    "published_precision": b"Minute",
    "evidence": b'[{"fjeld":"title","rule":"h1","raw":""}]',
    "steps": b'[{"field":',
    "raw": b'"\xc0"',
    "unresolved": b"[7]",
}
# A server holds texts to UTF-8, times and JSON to their forms; what JSON says it does not ask.
COLUMNS = list(DAMAGES) if in_files() else ["published_precision", "evidence", "unresolved"]
# A column that no reader of the whole article can take any more.
_UNREADABLE = "body_text" if in_files() else "evidence"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An archive of five articles, closed."""
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        fill(archive, tmp_path / "captures")
    return tmp_path / "archive.db"


def _damage(place: Path, column: str) -> None:
    value = "CAST(? AS text)" if in_files() else "?"
    change = f"UPDATE revision SET {column} = {value} WHERE article_id = 3"  # noqa: S608 - our own names
    ask_at(place, change, DAMAGES[column] if in_files() else DAMAGES[column].decode())


@pytest.mark.parametrize("column", COLUMNS)
def test_verify_names_the_article_and_goes_on(place: Path, column: str) -> None:
    """Whatever stands in a column, verify ends with a finding that names the article."""
    _damage(place, column)
    with Archive.open(archive_at(place)) as archive:
        found = list(verify(archive.engine, place.parent / "captures"))
    assert any("article 3" in one.detail for one in found), found


@pytest.mark.parametrize("column", COLUMNS)
def test_an_export_has_the_others(place: Path, column: str) -> None:
    """The damaged article alone is left out, counted in the description, and named."""
    _damage(place, column)
    request = ExportRequest()
    out = place.with_name("out.jsonl")
    with Archive.open(archive_at(place)) as archive, archive.engine.connect() as connection:
        export_file(connection, request, "jsonl", out)
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [1, 2, 4, 5]
    assert [one.message[:9] for one in request.damaged] == ["article 3"]
    described = json.loads(place.with_name("datapackage.json").read_text())["resources"][0]
    assert (described["articles"], described["damagedArticles"]) == (4, 1)


@pytest.mark.parametrize("query", ["", "清凉", '"市总工会慰问"'])
def test_a_query_does_not_stumble_either(place: Path, query: str) -> None:
    """An export and a feed by words that the damaged article holds too say who is left out, and exit 1."""
    _damage(place, _UNREADABLE)
    for command in (["export", query], ["feed", "--query", query]):
        done = CliRunner().invoke(app, [*command, "--archive", archive_at(place)])
        assert done.exit_code == 1, done.output
        assert "article 3 can't be read" in done.stderr
        assert "1 damaged articles are left out. Run unioncrawl verify" in done.stderr
        assert "http://x/4" in done.stdout


@pytest.mark.parametrize("change", ["body_text = replace(body_text, '。', '，')", "exact_digest = 7"])
def test_an_export_leaves_out_what_its_digest_contradicts(place: Path, change: str) -> None:
    """A text that can be read but is not what was stored is named with URL and next step, exit 1."""
    ask_at(place, f"UPDATE revision SET {change} WHERE article_id = 3")  # noqa: S608 - our own
    done = CliRunner().invoke(app, ["export", "--archive", archive_at(place)])
    assert done.exit_code == 1, done.output
    assert "article 3 (http://x/3) is not what was stored" in done.stderr
    assert "Run unioncrawl verify" in done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2, 4, 5]


def test_a_reader_of_one_article_names_it(place: Path) -> None:
    """Show and the like raise an error that names the article and the next step."""
    _damage(place, _UNREADABLE)
    with Archive.open(archive_at(place)) as archive, reading(archive.engine) as connection:
        with pytest.raises(ArticleDamaged, match=r"article 3 can't be read.*unioncrawl verify"):
            load_articles(connection, [1, 3])
        assert [one.id for one in load_articles(connection, [1, 2])] == [1, 2]


def test_a_search_names_what_it_met(place: Path) -> None:
    """A search that comes to a damaged text says which one, as the project's own error."""
    _damage(place, "body_text")
    done = CliRunner().invoke(app, ["search", "清凉", "--archive", archive_at(place)])
    assert isinstance(done.exception, ArchiveError)
    assert "revision 3 of article 3: its body_text is not a valid value" in str(done.exception)
    assert "unioncrawl restore" in done.exception.next_step


def test_a_fault_of_a_command_is_not_taken_for_damage(place: Path) -> None:
    """An error that a sound archive raises passes as it is."""
    with (
        Archive.open(archive_at(place)) as archive,
        pytest.raises(KeyError, match="ours"),
        reading(archive.engine),
    ):
        raise KeyError("ours")
