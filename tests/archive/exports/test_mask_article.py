"""Tests for `unioncrawl.archive.exports.mask_article`: what is masked is counted and described."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl.archive.exports.mask_article import Masking, MaskRules, mask_mail
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article

TEXT = (
    "困难职工李方，身份证11010519491231002X，手机13912345678，邮箱lifang@linxi-gh.example，"
    "咨询请拨打12351热线，市总工会将为其送去慰问。"
)
MASKED = (
    "困难职工李方，身份证110105************，手机139****5678，邮箱l*****@linxi-gh.example，"
    "咨询请拨打12351热线，市总工会将为其送去慰问。"
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("投稿：a@b.example", "投稿：*@b.example"),
        ("投稿：wang.fang+xw@mail.b.example。", "投稿：w***********@mail.b.example。"),
        ("投稿：gh12351＠b.example", "投稿：g******＠b.example"),
        ("邮箱li@a.example、wu@b.example", "邮箱l*@a.example、w*@b.example"),
        ("@全体职工 微博@工会", "@全体职工 微博@工会"),
        ("li@union 不是邮箱", "li@union 不是邮箱"),
    ],
)
def test_the_name_of_a_mail_address_is_hidden(text: str, masked: str) -> None:
    """All of a name but its first sign goes; what is no address stays."""
    assert mask_mail(text) == masked


def test_rules_decide_and_stretches_are_counted() -> None:
    """Each rule hides its own kind, the length stays, and what was hidden is counted."""
    both = Masking(MaskRules(numbers=True, mail=True))
    article = both.article(Article(url="http://x/1", site="x", title="名单", body_text=TEXT))
    assert article.body_text == MASKED
    assert len(article.body_text) == len(TEXT)
    assert both.stretches == 3
    none = Masking(MaskRules(numbers=False))
    assert none.article(article) is article


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An archive of one article that names a person."""
    address = archive_at(tmp_path / "archive.db")
    with Archive.open(address) as archive:
        run_id = archive.begin_run("x", {})
        archive.store(Article(url="http://x/1", site="x", title="困难职工名单", body_text=TEXT), run_id)
        archive.flush()
    return address


def test_an_export_says_what_it_masked(tmp_path: Path, address: str) -> None:
    """The description beside the file names the rules and how many stretches; the archive is unchanged."""
    said = run(address, "export", "-o", str(tmp_path / "a.jsonl"), "--mask-mail").stderr
    assert "3 stretches of text masked: numbers and mail" in said
    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8"))["body_text"] == MASKED
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"]
    assert (resource["masked"], resource["maskRules"]) == (True, ["numbers", "mail"])
    assert resource["maskedStretches"] == 3
    run(address, "export", "-o", str(tmp_path / "b.jsonl"), "--unmasked")
    assert json.loads((tmp_path / "b.jsonl").read_text("utf-8"))["body_text"] == TEXT
    run(address, "export", "-o", str(tmp_path / "c.jsonl"), "--unmasked", "--mask-mail", expected=2)


@pytest.mark.parametrize("form", ["json", "atom", "rss"])
def test_a_feed_is_masked_where_it_is_asked(address: str, form: str) -> None:
    """A feed of each format has the text whole, and masked with --mask, which is counted."""
    assert "13912345678" in run(address, "feed", "--format", form).stdout
    masked = run(address, "feed", "--format", form, "--mask")
    assert "139****5678" in masked.stdout
    assert not any(secret in masked.stdout for secret in ("13912345678", "19491231", "lifang@"))
    assert "3 stretches masked" in masked.stderr
