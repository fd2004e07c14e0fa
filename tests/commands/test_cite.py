from __future__ import annotations

import json
import re
from pathlib import Path

from tests.commands.run_command import run
from tests.databases import ask
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.store import Archive


def test_articles_are_cited_by_number_address_and_query(address: str, tmp_path: Path) -> None:
    """Each way names the same article; a file holds what is printed."""
    printed = run(address, "cite", "1").stdout
    assert (
        printed.splitlines()[0] == "总工会送清凉[EB/OL]. (2024-04-08)[2024-04-08]. http://example.cn/1.html."
    )
    assert run(address, "cite", "http://example.cn/1.html").stdout == printed
    assert run(address, "cite", "--query", "工会").stdout == printed
    path = tmp_path / "refs" / "all.bib"
    run(address, "cite", "1", "2", "1", "--style", "bibtex", "--out", str(path))
    assert path.read_text().count("@online{") == 2


def test_an_earlier_revision_is_cited_by_its_digest(reprinted: str) -> None:
    """The digest in the note of a citation names its text, also when a newer one is there."""
    ((first,),) = ask(reprinted, "select exact_digest from revision where article_id = 1 and number = 1")
    digest = f"{first % (1 << 64):016x}"
    newest = run(reprinted, "cite", "1").stdout
    earlier = run(reprinted, "cite", "1", "--revision", digest, "--reader", "http://127.0.0.1:8000/").stdout
    assert newest.startswith("送清凉(更新)[EB/OL]")
    assert earlier.startswith("送清凉[EB/OL]")
    assert digest in earlier
    assert f"存档链接http://127.0.0.1:8000/revisions/{digest}。" in earlier
    assert digest not in newest


def test_what_cannot_be_cited_is_said(reprinted: str) -> None:
    """No article, an unknown revision, two articles for one revision: an error with the next step."""
    for arguments, code in (
        (["99"], 1),
        (["1", "--revision", "0" * 16], 1),
        (["1", "--revision", "abc"], 1),
        (["1", "2", "--revision", "0" * 16], 2),
        ([], 2),
        (["1", "--query", "送"], 2),
        (["1", "--reader", "javascript:alert(1)"], 2),
    ):
        run(reprinted, "cite", *arguments, expected=code)


def test_nothing_vouches_for_a_changed_article(address: str) -> None:
    """An article whose row was changed on the disk is left out, with exit code 1; the others are cited."""
    ask(address, "update revision set title = '总工会送温暖' where article_id = 1")
    result = run(address, "cite", "1", "2", "--style", "csl-json", expected=1)
    assert [item["id"] for item in json.loads(result.stdout)] == ["other-nd-2"]
    assert "its digest differs" in result.stderr


def test_a_withdrawn_article_is_cited_as_such(address: str, tmp_path: Path) -> None:
    """After a takedown the citation has the address, no words, and when the page was last seen."""
    with Archive.open(address) as archive:
        take_down(archive.engine, tmp_path / "captures", "1", "asked for")
    text = run(address, "cite", "1").stdout
    assert text.startswith("[已从存档撤回的文章][EB/OL]. [2024-04-08]. http://example.cn/1.html.")
    assert re.search("该文已于[0-9-]{10}从存档撤回，正文不再提供；原页面最后见于2024-04-08。", text)
