"""Tests for `unioncrawl.fields.people.in_text`."""

from __future__ import annotations

from unioncrawl.archive.read.evidence_facts import read_facts
from unioncrawl.fields.people.in_text import add_bylines, without_bylines
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


def test_a_stored_article_has_the_same_facts() -> None:
    """What is read back from the evidence of a stored article is what the fresh one had."""
    read = add_bylines(PRINTED)
    assert read_facts(read.evidence).read_in_text == read.read_in_text
