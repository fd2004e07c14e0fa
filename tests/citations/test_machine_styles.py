"""The styles that programs read, read by programs of other authors."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.citations.cited import PAPER, UNION, cited
from unioncrawl.citations.bibtex import bibtex_entry
from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.citations.creators import Role
from unioncrawl.citations.csl_json import csl_item
from unioncrawl.citations.meta_tags import meta_tags
from unioncrawl.citations.ris import ris_record
from unioncrawl.citations.styles import STYLES, write_citations

ODD = "50% 的 {职工} #1 & $5 ~ a_b^c \\ “书屋”}"
# A title as a page has it: no control characters but blanks, no halves of pairs.
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=40)


def _bibtex(text: str) -> dict[str, str]:
    library = parse_string(text)
    assert library.failed_blocks == []
    (entry,) = library.entries
    return {"kind": entry.entry_type, "key": entry.key, **{one.key: one.value for one in entry.fields}}


def test_bibtex_is_read_back() -> None:
    """Bibtexparser finds kind, names, title, dates, address and note of an entry."""
    read = _bibtex(bibtex_entry(cited(people=((Role.AUTHOR, "李方 市总宣教部"),))))
    assert (read["kind"], read["key"]) == ("online", "lxzgh-2026-12")
    assert read["author"] == "李, 方 and {市总宣教部}"
    assert (read["date"], read["urldate"]) == ("2026-02-28", "2026-03-02")
    assert read["url"] == cited().url
    assert "版本摘要00ab12cd34ef5678" in read["note"]
    paper = _bibtex(bibtex_entry(cited(place=PAPER)))
    assert paper["kind"] == "article"
    assert (paper["entrysubtype"], paper["journaltitle"], paper["pages"]) == (
        "newspaper",
        "{河东工人报}",
        "3",
    )


def test_signs_of_tex_come_back_from_bibtex() -> None:
    """Signs that TeX takes for commands are escaped: a decoder of LaTeX gives the title back."""
    library = parse_string(bibtex_entry(cited(title=ODD)), append_middleware=[LatexDecodingMiddleware()])
    (entry,) = library.entries
    assert entry["title"].replace(" ", "") == ODD.replace(" ", "").replace("^", "ˆ")


@settings(max_examples=25)
@given(TITLES, TITLES)
def test_no_title_and_no_name_breaks_an_entry(title: str, name: str) -> None:
    """Whatever a page says, one entry with all its fields is read."""
    read = _bibtex(bibtex_entry(cited(title=title, people=((Role.AUTHOR, name),))))
    assert read["url"] == cited().url
    assert read["langid"] == "chinese"


def test_ris_is_read_back() -> None:
    """Rispy finds type, names, titles, dates, address and note of a record, and of each of several."""
    text = write_citations([cited(subtitle="夜班工人有了去处"), cited(number=13, place=PAPER)], "ris")
    web, paper = rispy.loads(text)
    assert (web["type_of_reference"], paper["type_of_reference"]) == ("ELEC", "NEWS")
    assert web["authors"] == ["李, 方"]
    assert web["title"] == "职工书屋开放：夜班工人有了去处"
    assert (web["year"], web["date"], web["access_date"]) == ("2026", "2026/02/28/", "2026/03/02/")
    assert web["urls"] == [cited().url]
    assert "版本摘要00ab12cd34ef5678" in web["notes"][0]
    assert paper["secondary_title"] == "河东工人报"


@settings(max_examples=25)
@given(TITLES)
def test_no_title_breaks_a_record(title: str) -> None:
    """A title can't end its record or begin a field of its own."""
    (read,) = rispy.loads(ris_record(cited(title=f"职工\r\nER  - \r\nTY  - BOOK{title}")))
    assert read["type_of_reference"] == "ELEC"
    assert read["urls"] == [cited().url]


def _schema_variables() -> set[str]:
    """The names of variables in the schema of CSL that citeproc-py ships."""
    text = resources.files("citeproc").joinpath("data/schema/schemas/styles/csl-variables.rnc").read_text()
    return {word.strip('"') for word in text.replace("|", " ").split() if word.startswith('"')}


def test_csl_json_has_variables_of_the_schema_only() -> None:
    """Each key of an item is a variable that CSL 1.0.2 knows, `id` and `type` aside."""
    known = _schema_variables() | {"id", "type"}
    assert len(known) > 50
    assert set(csl_item(cited(place=PAPER))) | set(csl_item(cited())) <= known


def test_csl_json_is_cited_by_a_processor() -> None:
    """citeproc-py writes the reference of an item: names, title, container, dates and address are found."""
    items = json.loads(write_citations([cited(place=PAPER)], "csl-json"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    library = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    library.register(Citation([CitationItem(items[0]["id"])]))
    (text,) = map(str, library.bibliography())
    for part in ("李", "职工书屋开放", "河东工人报", "2026", "http://lx.example/news/12.html"):
        assert part in text


def test_meta_tags_name_what_zotero_reads() -> None:
    """Kind, title, persons, date and address; of an organisation the name without a comma."""
    tags = meta_tags(cited(people=((Role.AUTHOR, "李方"), (Role.CORRESPONDENT, "市总宣教部"))))
    assert [content for name, content in tags if name == "citation_author"] == ["李, 方", "市总宣教部"]
    assert {
        ("DC.type", "webpage"), ("citation_title", "职工书屋开放"), ("og:site_name", "临溪市总工会"),
        ("citation_publication_date", "2026/02/28"), ("citation_public_url", cited().url),
    } <= set(tags)  # fmt: skip
    assert ("DC.type", "newspaperArticle") in meta_tags(cited(place=PAPER))


@pytest.mark.parametrize("style", STYLES)
def test_an_article_without_anything_is_cited(style: str) -> None:
    """Of an article of which only address and capture are known a citation has these, in every style."""
    bare: dict[str, Any] = {"title": "", "people": (), "source": "", "published_at": None, "precision": None}
    text = write_citations([cited(**bare, place=replace(UNION, name="", column=""))], style)
    assert cited().url in text
    assert "2026-03-02" in text or "[\n          2026" in text or "2026/03/02" in text


@pytest.mark.parametrize("style", STYLES)
def test_a_withdrawn_article_is_cited_without_its_words(style: str) -> None:
    """Its address stays, its words are gone, and the note says since when."""
    gone: CitedSource = cited(title="", people=(), source="", subtitle="")
    gone = replace(gone, evidence=replace(gone.evidence, capture="", withdrawn_at=gone.evidence.seen_at))
    text = write_citations([gone], style)
    assert "该文已于2026-03-02从存档撤回" in text
    assert "已从存档撤回的文章" in text
    assert "李" not in text
    assert gone.url in text


def test_no_style_is_missing_a_reader() -> None:
    """Every style is one of those tested here and in `test_gbt7714`."""
    assert list(STYLES) == ["gbt7714-2025", "gbt7714-2015", "bibtex", "ris", "csl-json"]
