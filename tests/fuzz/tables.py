"""Harnesses of what is read from files: lists, old tables, WARC files, site and mapping files."""

from __future__ import annotations

import gzip
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fuzz import oracles, pages
from tests.fuzz.choices import Choices
from unioncrawl.archive.imports.column_mapping import (
    MAPPED,
    ColumnMapping,
    changed_fields,
    finished_article,
    raw_article,
    read_mapping,
)
from unioncrawl.archive.imports.foreign_warcs import holds_captures, read_past_damage, warc_files
from unioncrawl.archive.imports.site_names import SiteNames
from unioncrawl.archive.imports.table_rows import TableRow, read_rows
from unioncrawl.errors import ArchiveError, SiteFileError
from unioncrawl.sites.catalogue import read_site_file

_MAPPING = ColumnMapping("fuzz", {name: name for name in (*MAPPED, "site", "id")} | {"seen_raw": "seen"})
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".csv.gz")


def _written(folder: str, name: str, data: bytes) -> Path:
    path = Path(folder) / name
    path.write_bytes(data)
    return path


def list_text(choices: Choices) -> str:
    """A list page, a feed or a sitemap."""
    form = choices.pick(("html", "rss", "atom", "sitemap", "index"))
    if form == "html":
        return pages.page_text(choices)
    root, item, link = {
        "rss": ("rss", "item", "<link>{}</link><title>{}</title><pubDate>{}</pubDate>"),
        "atom": ("feed", "entry", '<link href="{}"/><title>{}</title><updated>{}</updated>'),
        "sitemap": ("urlset", "url", "<loc>{}</loc><news>{}</news><lastmod>{}</lastmod>"),
        "index": ("sitemapindex", "sitemap", "<loc>{}</loc><x>{}</x><lastmod>{}</lastmod>"),
    }[form]
    start = choices.pick(("", "<?xml version='1.0' encoding='gbk'?>", "<!DOCTYPE x [<!ENTITY e 'eeee'>]>"))
    entries: list[str] = []
    while not choices.is_used_up and len(entries) < 40:
        values = pages.address(choices), pages.damaged_text(choices), choices.text(12)
        entries.append(pages.repeated(f"<{item}>{link.format(*values)}</{item}>", choices))
    return f"{start}<{root} xmlns='http://x.example/'>{''.join(entries)}</{root}>"


def check_rows(data: bytes) -> int:
    """Any file of a table gives rows, each an article or a problem, or `ArchiveError`."""
    choices = Choices(data)
    suffix, is_packed = choices.pick(_SUFFIXES), choices.one_in(8)
    content = choices.rest()
    with tempfile.TemporaryDirectory() as folder:
        path = _written(folder, f"t{suffix}", gzip.compress(content) if is_packed else content)
        try:
            for row in read_rows(path):
                _check_row(row)
        except ArchiveError as error:
            oracles.check_error(error)
    return 2 * len(content)


def _check_row(row: TableRow) -> None:
    oracles.check(row.number > 0, "a row has its number", row.number)
    if row.problem:
        return
    with suppress(ValueError):  # what `raw_article` raises for an address or a time that can't be read
        raw = raw_article(row.values, _MAPPING, {}, SiteNames())
        article = finished_article(raw)
        changed_fields(raw, article)
        oracles.check_article(article)


def check_warc(data: bytes) -> int:
    """Any file gives responses, reported damage, or `ArchiveError`."""
    choices = Choices(data)
    name = choices.pick(("f.warc", "f.warc.gz", "f.wacz"))
    is_packed = choices.flag()
    content = choices.rest()
    if is_packed:
        content = b"".join(gzip.compress(part) for part in content.split(b"\n====\n"))
    with tempfile.TemporaryDirectory() as folder:
        path = _written(folder, name, content)
        try:
            if holds_captures(path):
                _read_all(path)
        except ArchiveError as error:
            oracles.check_error(error)
    return 4 * len(data)


def _read_all(path: Path) -> None:
    damage: list[str] = []
    with warc_files(path, damage) as files:
        for file in files:
            for captured in read_past_damage(file, damage):
                oracles.check(captured.page.url.startswith("http"), "a capture is of the web", captured)
                oracles.check(type(captured.page.body) is bytes, "a capture has bytes")
    oracles.check(len(damage) <= 100, "damage is reported once", len(damage))


def check_site_file(data: bytes) -> int:
    """Any TOML is a site, or a `SiteFileError` in words; a mapping, or an `ArchiveError`."""
    with tempfile.TemporaryDirectory() as folder:
        path = _written(folder, "fuzz.toml", data)
        try:
            oracles.check(bool(read_site_file(path).hosts), "a site has a host")
        except SiteFileError as error:
            oracles.check_error(error)
        try:
            oracles.check(bool(read_mapping(path, "").fields), "a mapping has a field")
        except ArchiveError as error:
            oracles.check_error(error)
    return 2 * len(data)
