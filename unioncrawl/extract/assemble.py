"""Read one page: what it is, and the article's fields as printed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from unioncrawl.errors import ExtractError
from unioncrawl.extract.article_parts import find_next_part
from unioncrawl.extract.article_signs import Signs
from unioncrawl.extract.head_lines import after_head
from unioncrawl.extract.line_ledger import Found, LineFate, drop_evidence, outside_fates, page_fates
from unioncrawl.extract.part_rows import row_not_followed
from unioncrawl.extract.refusal_pages import Verdict
from unioncrawl.extract.site_selectors import Selected, select_fields
from unioncrawl.extract.verdict import early_verdict, late_verdict
from unioncrawl.fields.column.find import read_column
from unioncrawl.fields.dates.find import DateClaim, read_dates
from unioncrawl.fields.headline.find import HeadlineParts, read_parts
from unioncrawl.fields.hits.find import counter_at_label, read_hits, selected_hits
from unioncrawl.fields.hits.known_counters import find_counter
from unioncrawl.fields.hits.unknown_counters import find_called_counter
from unioncrawl.fields.labelled_values import collect_meta
from unioncrawl.fields.media.find import body_attachments, body_images, has_inlined_picture
from unioncrawl.fields.people.find import read_byline
from unioncrawl.model import Article, Attachment, DecodedPage, Evidence, Extraction, Image
from unioncrawl.page.body import Range, find_body
from unioncrawl.page.document import Document
from unioncrawl.page.headline_place import Headline, find_headline, is_anchored
from unioncrawl.page.labelled_lines import MetaLine
from unioncrawl.page.labels import Label
from unioncrawl.page.line_marks import mark_lines
from unioncrawl.page.paragraphs import BodyText, body_paragraphs
from unioncrawl.page.parse import Prune, parse_document
from unioncrawl.page.shown.named_text import is_named_article
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url

_PLAYERS = tuple("<video <audio <embed .flv ckplayer".split())
# One look for four endings: each takes as long.
_PLAYED = re.compile(r"\.m(?:p[34]|3u8|4a)")
_FRAMED = re.compile(r"<iframe[^>]{0,80}(?:player|video|bilibili|youku|v\.qq)")
# The row of a story's parts stands right below its text, or a line of credits later.
_LINES_TO_PARTS = 3
_SENTENCE_ENDS = "。！？；，"


class Reading(NamedTuple):
    """Everything found on a page before it is put together."""

    document: Document
    headline: Headline
    body: Range
    metas: tuple[MetaLine, ...]
    text: BodyText
    images: tuple[tuple[int, Image], ...]
    attachments: tuple[Attachment, ...]
    dates: list[DateClaim]
    selected: Selected


def extract_page(page: DecodedPage, profile: SiteProfile | None = None) -> Extraction:
    """Decide what a page is and, when it is an article, take its fields as printed.

    Works on any page; the selectors of ``profile`` win where they match. Strings
    stay as printed, damaged or not: repair and normalising come after. The
    article's evidence names the rule that decided each field. Raises `ExtractError` for a
    page whose own address is not valid (``http://[1/``, ``http://a.cn:x/``): imported records may
    have one.
    """
    return read_through(page, profile)[0]


def explain_lines(page: DecodedPage, profile: SiteProfile | None = None) -> tuple[Extraction, list[LineFate]]:
    """What `extract_page` returns, and what became of each line of the page."""
    extraction, reading, document = read_through(page, profile)
    if reading is None or extraction.article is None:
        return extraction, list(outside_fates(document))
    return extraction, fates_of(reading, extraction.article)


def fates_of(reading: Reading, article: Article) -> list[LineFate]:
    """What became of each line of the page that became an article."""
    parts = read_parts(reading.document, reading.headline, reading.body)
    return list(page_fates(_found(reading, parts), article.evidence))


def read_through(
    page: DecodedPage, profile: SiteProfile | None, prune: Prune | None = None
) -> tuple[Extraction, Reading | None, Document]:
    """What `extract_page` returns, and all that it was made from; ``prune`` is `parse_document`'s."""
    _check_address(page.url)
    document = parse_document(page, prune)
    verdict = early_verdict(document)
    if verdict is not None:
        return Extraction(url=page.url, reason=verdict.reason, detail=verdict.detail), None, document
    reading = _read(document, profile)
    verdict = _late(reading)
    if verdict is not None:
        return Extraction(url=page.url, reason=verdict.reason, detail=verdict.detail), reading, document
    return Extraction(url=page.url, article=_article(reading, profile)), reading, document


def _found(reading: Reading, parts: HeadlineParts) -> Found:
    return Found(
        reading.document,
        reading.headline,
        reading.body,
        reading.text,
        reading.metas,
        parts.lines,
        reading.attachments,
    )


def _check_address(url: str) -> None:
    try:
        _ = urlsplit(url).port
        if not url.isascii() or "[" in url or "]" in url:  # nothing else in it can't be read
            canonical_url(url)
    except ValueError as error:
        raise ExtractError(
            f"the page's address can't be read ({error}).",
            next_step="Correct it where it came from.",
            url=url,
            stage="extract",
        ) from error


def _read(document: Document, profile: SiteProfile | None) -> Reading:
    selected = select_fields(document, profile)
    headline = selected.headline or find_headline(document)
    body = selected.body or find_body(document, after_head(document, headline))
    metas = collect_meta(document, headline, body)
    return Reading(
        document,
        headline,
        body,
        metas,
        body_paragraphs(document, headline, body),
        body_images(document, headline, body),
        body_attachments(document, headline, body),
        read_dates(document, metas),
        selected,
    )


def _has_video(lowered: str) -> bool:
    """Whether a page's source plays a film or a recording."""
    if any(cue in lowered for cue in _PLAYERS) or _PLAYED.search(lowered) is not None:
        return True
    return "<iframe" in lowered and _FRAMED.search(lowered) is not None


def _late(reading: Reading) -> Verdict | None:
    headline = reading.headline
    texts = [paragraph.text for paragraph in reading.text.paragraphs]
    named = (Label.PUBLISHED, Label.UPDATED, Label.HITS, Label.SOURCE, Label.AUTHOR, Label.EDITOR)
    signs = Signs(
        text=" ".join(texts),
        text_length=sum(map(len, texts), 0),
        sentences=sum([text.count(mark) for text in texts for mark in _SENTENCE_ENDS], 0),
        images=len(reading.images)
        or _has_video(reading.document.lowered)
        + has_inlined_picture(reading.document, reading.headline, reading.body),
        attachments=len(reading.attachments),
        titled=bool(reading.headline.text),
        labelled=any(part.label in named for meta in reading.metas for part in meta.parts),
        dated=any(claim.rule != "url" for claim in reading.dates),
        anchored=is_anchored(reading.document, headline),
        named=headline.stop > headline.start
        and is_named_article(reading.document, headline.start, reading.body.element),
    )
    return late_verdict(reading.document, reading.headline, reading.body, signs)


def _article(reading: Reading, profile: SiteProfile | None) -> Article:
    document, headline, metas = reading.document, reading.headline, reading.metas
    selected = reading.selected.values
    counter = (
        find_counter(document.page.text, document.base_url, document.lowered)
        or counter_at_label(document, metas)
        or find_called_counter(document)
    )
    hits = read_hits(document, metas, counter)
    if "hits" in selected:
        hits = selected_hits(selected["hits"], document, counter)
    byline = read_byline(document, metas)
    column, column_rule = read_column(document, headline, metas)
    evidence = (
        *document.page.evidence,
        Evidence("title", headline.rule, headline.text),
        *(Evidence("published", claim.rule, claim.raw) for claim in reading.dates),
        *((Evidence("hits", hits.rule, hits.raw),) if hits.rule else ()),
        *byline.evidence,
        *((Evidence("column", column_rule, column),) if column else ()),
        *(Evidence(name, "selector", value) for name, value in selected.items()),
    )
    published = reading.dates[0] if reading.dates else None
    next_page = selected.get("next_part") or find_next_part(document)
    article = Article(
        url=document.page.url,
        site=profile.id if profile else "",
        title=headline.text,
        published_raw=selected.get("published", published.raw if published else ""),
        time_zone=profile.foreign_zone if profile else "",
        published_rule="selector" if "published" in selected else published.rule if published else "",
        hits_raw=hits.raw,
        hits_status=hits.status,
        **_selected(byline.texts, selected),
        column=selected.get("column", column),
        next_page=next_page,
        counter=counter,
        fetched_at=document.page.fetched_at,
        undecodable_bytes=document.page.undecodable,
        evidence=evidence if next_page else (*evidence, *_parts_evidence(reading)),
    )
    return _with_body(article, reading)


def _parts_evidence(reading: Reading) -> tuple[Evidence, ...]:
    """What is known of parts after this one, where no address leads to them."""
    near = range(reading.body.start, max(reading.body.stop, reading.body.end) + _LINES_TO_PARTS)
    row = row_not_followed(reading.document, near)
    return (Evidence("page", "parts-not-followed", row),) if row else ()


def _selected(found: dict[str, str], selected: dict[str, str]) -> dict[str, Any]:
    """The values that a folder's finders found, by field; values of the site file's selectors win."""
    return {name: selected.get(name, text) for name, text in found.items()}


def _with_body(article: Article, reading: Reading) -> Article:
    parts = read_parts(reading.document, reading.headline, reading.body)
    paragraphs = tuple(one for one in reading.text.paragraphs if one.line not in parts.lines)
    return replace(
        article,
        **_selected(parts.texts, reading.selected.values),
        body_text="\n".join(paragraph.text for paragraph in paragraphs),
        markup=mark_lines(reading.document, paragraphs, reading.images),
        images=tuple(image for _, image in reading.images),
        attachments=reading.attachments,
        evidence=(*article.evidence, *drop_evidence(_found(reading, parts), article.evidence)),
    )
