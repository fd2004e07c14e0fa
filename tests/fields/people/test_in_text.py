"""Tests for `unioncrawl.fields.people.in_text`."""

from __future__ import annotations

from dataclasses import replace

from unioncrawl.fields.people.in_text import add_bylines, clean_bylines, without_bylines
from unioncrawl.model import Article, Evidence

TEXT = "雁川市总工会昨天送出清凉饮料。\n职工们都说好。\n□首发集团京新收费所 吕文静"
PRINTED = Article(url="http://a.cn/1", title="送清凉", editor="李方", body_text=TEXT)


def test_fields_read_in_the_text_can_be_taken_back() -> None:
    """Fields read in the text are named, and emptied again; those that the page prints stay."""
    read = add_bylines(PRINTED)
    assert (read.author, read.editor, read.read_in_text) == ("吕文静", "李方", ("author",))
    assert without_bylines(read) == PRINTED


def test_evidence_alone_empties_no_field() -> None:
    """A piece of evidence with the name of such a rule does not make a printed author one of the text."""
    article = Article(url="http://a.cn/1", author="王芳", evidence=(Evidence("author", "lead", "王芳"),))
    assert without_bylines(article).author == "王芳"


def test_what_explains_a_printed_value_stays() -> None:
    """Of two pieces on one field only that of the text goes, whatever the name of its rule."""
    printed = replace(PRINTED, evidence=(Evidence("author", "label:作者", "管理员"),))
    read = add_bylines(printed)
    assert [piece.rule for piece in read.evidence] == ["label:作者", "signature"]
    assert without_bylines(read) == printed


def test_a_byline_holds_so_many_names_as_40_characters() -> None:
    """Thirteen names of two characters, a line each, are a byline; the next one is left out."""
    names = [
        "李方",
        "王敏",
        "张磊",
        "刘洋",
        "陈静",
        "杨帆",
        "赵刚",
        "黄丽",
        "周涛",
        "吴迪",
        "徐杰",
        "孙浩",
        "马超",
        "朱琳",
    ]
    assert clean_bylines("\n".join(names)) == " ".join(names[:13])
