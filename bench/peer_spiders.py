"""Spiders that others would write for the same sites, to measure ours beside: bare, parsel, trafilatura.

Usage (by `bench.crawl`): python -m bench.peer_spiders NAME PAGES HOST…

All three ask for the same pages as ours, counters too, with as many requests at once and with our
settings of the garbage collector. ``bare`` yields the address and nothing else; ``parsel`` takes five
fields by a site's selectors, written by hand, and ``trafilatura`` takes what it finds; both write
their rows to SQLite, a hundred a commit. None decodes with evidence, repairs, keeps bytes, or
looks for reprints.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from bench.material.site_systems import SYSTEMS, System, articles_of, list_pages
from unioncrawl.settings import UNIONCRAWL_COLLECT_AFTER

CONCURRENCY = 16
DATABASE, FEED = "peer.db", "peer.jsonl"
_FLUSH = 100
_LINK = re.compile(rb'href="([^"]*9\d{5}[^"]*)" title')
_ID = re.compile(rb"9\d{5}")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where one site has its fields; ``line`` holds date and source, ``source`` what stands before it."""

    title: str
    line: str
    body: str
    source: str = "来源："


SELECTORS = {
    "empirecms": Selectors(title=".title_info h1", line=".info_text", body="#text p"),
    "trs": Selectors(title=".xl-title h2", line=".xl-info", body=".TRS_Editor > div"),
    "vsb": Selectors(title=".show_t", line=".show_d", body=".v_news_content p"),
    "phpcms": Selectors(title="#Article h1", line="#Article h1 span", body="#Article .content p"),
    "dedecms": Selectors(
        title=".viewbox .title h2", line=".viewbox .info", body=".content td > div", source="来源:"
    ),
    "gdjyh": Selectors(title="h1.article-title", line=".article-info", body=".article-content p"),
    "own": Selectors(title=".bt", line=".sj", body="#zoom"),
}
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d\d:\d\d(?::\d\d)?)?")


class BareSpider(scrapy.Spider):
    """Follows the lists, asks for the counters, and yields each article's address."""

    name = "bare"
    pages = 0
    hosts: tuple[str, ...] = ()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for all list pages."""
        for system, host, articles in zip(SYSTEMS, self.hosts, articles_of(self.pages), strict=True):
            pages = list_pages(articles)
            for page in range(1, pages + 1):
                path = system.list_path(page, pages).replace("&amp;", "&")
                yield scrapy.Request(f"http://{host}{path}", self.parse_list, cb_kwargs={"system": system})

    def parse_list(self, response: Response, system: System) -> Iterator[scrapy.Request]:
        """Ask for the articles."""
        start = response.body.find(b'<ul class="newslist">')
        listed = response.body[start : response.body.find(b"</ul>", start)]
        for path in dict.fromkeys(_LINK.findall(listed)):
            yield scrapy.Request(
                response.urljoin(path.decode()), self.parse_article, cb_kwargs={"system": system}
            )

    def parse_article(self, response: Response, system: System) -> Iterator[object]:
        """Yield the fields, or ask for the counter first where the site has one."""
        fields = self.read(response, system)
        if not system.counter:
            yield fields
            return
        number = max(_ID.findall(response.url.encode())).decode()
        yield scrapy.Request(
            response.urljoin(f"{system.counter}?id={number}"),
            self.parse_counter,
            cb_kwargs={"fields": fields},
        )

    def parse_counter(self, response: Response, fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the fields with the count."""
        yield {**fields, "hits": int(re.findall(rb"\d+", response.body)[0])}

    def read(self, response: Response, _: System) -> dict[str, Any]:
        """Return what is taken from a page."""
        return {"url": response.url}


class ParselSpider(BareSpider):
    """Takes title, date, source, hits and body by selectors written for each site."""

    name = "parsel"

    def read(self, response: Response, system: System) -> dict[str, Any]:
        """Return five fields."""
        chosen = SELECTORS[system.name]
        line = " ".join("".join(response.css(f"{chosen.line} ::text, {chosen.line}::text").getall()).split())
        after = line.partition(chosen.source)[2].split()
        date = _DATE.search(line)
        hits = _NUMBER.search(line.partition("点击量：")[2])
        paragraphs = ("".join(one.css("::text").getall()).strip() for one in response.css(chosen.body))
        return {
            "url": response.url,
            "title": response.css(f"{chosen.title}::text").get("").strip(),
            "date": date[0] if date else None,
            "source": after[0].strip("〗") if after else None,
            "hits": int(hits[0]) if hits else None,
            "body": "\n".join(filter(None, paragraphs)),
        }


class TrafilaturaSpider(BareSpider):
    """Takes what trafilatura finds: title, date, source and body."""

    name = "trafilatura"

    def read(self, response: Response, _: System) -> dict[str, Any]:
        """Return the fields that it has; a page in which it finds nothing has its address alone."""
        found = importlib.import_module("trafilatura").bare_extraction(
            response.text, url=response.url, with_metadata=True
        )
        if found is None:
            return {"url": response.url}
        return {
            "url": response.url,
            "title": found.title,
            "date": found.date,
            "source": found.sitename,
            "body": found.text,
        }


class SqlitePipeline:
    """Writes the rows, a hundred a commit."""

    def open_spider(self) -> None:
        """Make the table."""
        self._connection = sqlite3.connect(DATABASE)
        self._connection.execute("CREATE TABLE article (url PRIMARY KEY, title, date, source, hits, body)")
        self._rows: list[tuple[Any, ...]] = []

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Keep a row, and write when there are enough."""
        self._rows.append(
            tuple(item.get(name) for name in ("url", "title", "date", "source", "hits", "body"))
        )
        if len(self._rows) >= _FLUSH:
            self._flush()
        return item

    def close_spider(self) -> None:
        """Write the rest."""
        self._flush()
        self._connection.close()

    def _flush(self) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO article VALUES (?,?,?,?,?,?)", self._rows)
        self._connection.commit()
        self._rows.clear()


SPIDERS = {spider.name: spider for spider in (BareSpider, ParselSpider, TrafilaturaSpider)}


def run(name: str, pages: int, hosts: list[str]) -> None:
    """Crawl with Scrapy's own defaults, and our garbage collection."""
    process = CrawlerProcess(
        {
            "FEEDS": {FEED: {"format": "jsonlines", "encoding": "utf-8"}},
            "LOG_LEVEL": "WARNING",
            # All seven sites have one name: ours asks four at once, 16 requests each.
            "CONCURRENT_REQUESTS": 4 * CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4 * CONCURRENCY,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "ITEM_PIPELINES": {} if name == BareSpider.name else {f"{__name__}.SqlitePipeline": 500},
            "EXTENSIONS": {"spiders.components.gc_extension.GarbageCollectionExtension": 500},
            "UNIONCRAWL_COLLECT_AFTER": UNIONCRAWL_COLLECT_AFTER,
        }
    )
    process.crawl(SPIDERS[name], pages=pages, hosts=tuple(hosts))
    process.start()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
