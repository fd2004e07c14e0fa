"""The functions that are fuzzed, each with what must hold: one entry of `HARNESSES` a harness.

A harness takes bytes, raises `Broken` or whatever else the library should not
have raised, and answers how many bytes the library had to read, by which its time
is judged.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from tests.fuzz import oracles, outputs, pages, tables
from tests.fuzz.choices import Choices
from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.archive.search.query import parse_query
from unioncrawl.decode.order import decode_page, decode_raw
from unioncrawl.errors import DecodeError, QueryError, UnioncrawlError
from unioncrawl.fields.hits.clean import parse_hits
from unioncrawl.fields.hits.known_counters import find_counter, read_counter
from unioncrawl.line import read_page
from unioncrawl.model import Counter, DecodedPage, ListLink, RawPage
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.repair import repair
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.profile import Level, SiteProfile

Check = Callable[[bytes], int]
_FAMILIES = sorted(FAMILIES)


def profile(family: str) -> SiteProfile:
    """A site of a family, with the family's own pattern of articles."""
    return SiteProfile(
        id="fuzz",
        name="雁川市总工会",
        level=Level.CITY,
        family=family,
        hosts=("a.example", "www.a.example"),
        article_url=FAMILIES[family].article_url,
    )


def response(data: bytes) -> RawPage:
    """A response from text as HTTP writes it: address, headers, an empty line, body."""
    head, separator, body = data.partition(b"\n\n")
    if not separator:
        return RawPage(url=pages.URLS[0], body=data)
    url, *lines = head.decode("latin-1").split("\n")
    fields = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in fields)
    return RawPage(url=url.strip() or pages.URLS[0], body=body, headers=headers)


def _decode(data: bytes) -> int:
    raw = response(data)
    try:
        oracles.check_decoded(decode_page(raw.body, raw.headers))
    except DecodeError as error:
        oracles.check_error(error)
    return len(raw.body)


def _decode_built(data: bytes) -> int:
    choices = Choices(data)
    headers = pages.page_headers(choices)
    text = pages.page_text(choices)
    body = pages.encoded(text, choices)
    try:
        oracles.check_decoded(decode_page(body, headers))
    except DecodeError as error:
        oracles.check_error(error)
    return len(body)


def _read(raw: RawPage, site: SiteProfile | None) -> int:
    for repaired in (True, False):
        try:
            found = read_page(raw, site, repaired=repaired).article
        except UnioncrawlError as error:
            oracles.check_error(error)
            oracles.check(error.url == raw.url and bool(error.stage), "an error names page and stage", error)
            continue
        if found is not None:
            oracles.check_article(found)
    return 2 * len(raw.body)


def _page(data: bytes) -> int:
    return _read(response(data), None)


def _page_built(data: bytes) -> int:
    choices = Choices(data)
    site = profile(choices.pick(_FAMILIES)) if choices.flag() else None
    return _read(pages.raw_page(choices), site)


def _repair(data: bytes) -> int:
    text = data.decode("utf-8", "surrogateescape")
    oracles.check_repaired(text, repair(text))
    return 2 * len(data)


def _repair_built(data: bytes) -> int:
    choices = Choices(data)
    text = ""
    while not choices.is_used_up and len(text) < pages.MAX_PAGE_CHARACTERS:
        piece = pages.damaged_text(choices) if choices.integer(0, 2) else choices.text()
        text += pages.repeated(piece, choices)
    oracles.check_repaired(text, repair(text))
    return 2 * len(text.encode("utf-8", "replace"))


_COUNTER_FAMILIES = ("generic", "xunrui", "empirecms", "phpcms", "kesion", "vsb", "sscms", "jeecms")


def _counter(data: bytes) -> int:
    choices = Choices(data)
    counter = Counter(url="http://a.example/c", family=choices.pick(_COUNTER_FAMILIES))
    text = choices.rest().decode("utf-8", "surrogateescape")
    oracles.check_hits(read_counter(counter, text))
    oracles.check_hits(parse_hits(text))
    found = find_counter(text, pages.URLS[0])
    if found is not None:
        oracles.check_texts(found) if text.isprintable() else None
    return 3 * len(data)


def _lists(page: DecodedPage, site: SiteProfile) -> int:
    links: list[ListLink] = []
    with suppress(UnioncrawlError):
        listing = read_listing(page, site)
        links += listing.links
        oracles.check_texts(listing)
    with suppress(UnioncrawlError):
        fed = read_syndication(page)
        oracles.check_texts([fed.listing, fed.children] if fed else [])
    oracles.check_web_addresses([link.url for link in links], "an entry")
    return 2 * len(page.text.encode("utf-8", "replace"))


def _list(data: bytes) -> int:
    choices = Choices(data)
    site = profile(choices.pick(_FAMILIES))
    raw = response(choices.rest())
    with suppress(DecodeError):
        return _lists(decode_raw(raw), site)
    return len(raw.body)


def _list_built(data: bytes) -> int:
    choices = Choices(data)
    site = profile(choices.pick(_FAMILIES))
    # A decoded page has no halves of surrogate pairs.
    text = tables.list_text(choices).encode("utf-8", "replace").decode()
    return _lists(DecodedPage(url=choices.pick(pages.URLS), text=text, encoding="utf-8"), site)


def _query(data: bytes) -> int:
    try:
        text = data.decode("utf-8", "surrogateescape")
        oracles.check(parse_query(text) == parse_query(text), "the same query is the same tree")
    except QueryError as error:
        oracles.check_error(error)
    return len(data)


def _masking(data: bytes) -> int:
    text = data.decode("utf-8", "surrogateescape")
    masked = mask_numbers(text)
    oracles.check(len(masked) == len(text), "masking keeps the length", masked)
    kept = (sign in (before, "*") for sign, before in zip(masked, text, strict=True))
    oracles.check(all(kept), "masking hides signs and changes none", masked)
    return len(data)


class Harness(NamedTuple):
    """What is run, on inputs of up to how many bytes, and how often in the gate."""

    check: Check
    gate_runs: int
    max_bytes: int = 4096


HARNESSES: dict[str, Harness] = {
    "decode": Harness(_decode, 4_000),
    "decode-built": Harness(_decode_built, 600, 1024),
    "page": Harness(_page, 300, 8192),
    "page-built": Harness(_page_built, 120, 1024),
    "repair": Harness(_repair, 1_000),
    "repair-built": Harness(_repair_built, 200, 512),
    "counter": Harness(_counter, 10_000, 2048),
    "list": Harness(_list, 1_000),
    "list-built": Harness(_list_built, 250, 1024),
    "feed": Harness(outputs.check_feeds, 400, 1024),
    "proposal": Harness(outputs.check_proposal, 120, 1024),
    "rows": Harness(tables.check_rows, 1_000),
    "warc": Harness(tables.check_warc, 600),
    "query": Harness(_query, 20_000, 512),
    "site-file": Harness(tables.check_site_file, 1_500, 2048),
    "masking": Harness(_masking, 5_000, 1024),
}


def harness(name: str) -> Harness:
    """The harness of a name; ``module:function`` names a function elsewhere."""
    if ":" not in name:
        return HARNESSES[name]
    module, _, function = name.partition(":")
    return Harness(getattr(importlib.import_module(module), function), 100)
