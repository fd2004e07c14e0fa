from __future__ import annotations

from pathlib import Path

from tests.commands.run_command import run, run_json
from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveNotFound, ArticleNotFound, QueryError


def test_stats_counts(address: str) -> None:
    """What sites published is counted apart from what was derived again or withdrawn."""
    assert run_json(address, "stats") == {
        "sites": 2,
        "articles": 2,
        "revisions": 2,
        "edits": 0,
        "rederived": 0,
        "withdrawn": 0,
        "observations": 2,
        "captures": 0,
        "rejections": 1,
        "repaired": 1,
        "last_runs": {},
    }


def test_stats_and_the_check_of_a_site_account_for_its_last_run(address: str, tmp_path: Path) -> None:
    """Both name what became of the entries of the last run that counted them, and pagers not followed."""
    numbers = {"total": 5, "stored": 2, "known": 1, "outside": 1, "rejected": 0, "owed": 1}
    short = ["工会要闻 (http://xian.example/): the list says 12 pages, 1 read"]
    with Archive.open(address) as archive:
        for total in (9, 5):
            counted = {f"unioncrawl/entries/{name}": number for name, number in numbers.items()}
            number = archive.begin_run("xian", {})
            stats = {**counted, "unioncrawl/entries/total": total, "unioncrawl/walk/short_lists": short}
            archive.finish_run(number, stats, "finished")
        archive.finish_run(archive.begin_run("xian", {}), {"unioncrawl/list/pages": 1}, "finished")
    found = run_json(address, "stats")["last_runs"]["xian"]
    assert (found["entries"], found["short_lists"]) == ({**numbers, "missing": 0}, short)
    said = "5 entries: 2 stored, 1 known, 1 outside the window, 0 rejected, 1 owed"
    assert said in run(address, "stats").stdout
    file = tmp_path / "xian.toml"
    start = 'id = "xian"\nname = "县"\nlevel = "county"\nfamily = "generic"\n'
    file.write_text(f'{start}hosts = ["xian.example"]\n', encoding="utf-8")
    shown = run(address, "sites", "check", str(file)).stdout
    assert said in shown
    assert short[0] in shown


def test_failures_name_the_next_step(address: str, tmp_path: Path) -> None:
    """No archive, no article and an unreadable query are reported with what to do."""
    missing = archive_at(tmp_path / "none.db")
    for arguments, where, error in (
        (["stats"], missing, ArchiveNotFound),
        (["show", "99"], address, ArticleNotFound),
        (["show", "9" * 5000], address, ArticleNotFound),
        (
            ["export", "-o", str(tmp_path / "a.jsonl"), "--since-cursor", "r" + "9" * 5000],
            address,
            QueryError,
        ),
        (["search", "(工会"], address, QueryError),
    ):
        result = run(where, *arguments, expected=1)
        assert isinstance(result.exception, error)
        assert result.exception.next_step
