"""``unioncrawl feed``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from unioncrawl.archive.exports.feeds import FeedHead, json_feed
from unioncrawl.archive.exports.mask_article import Masking, MaskRules
from unioncrawl.archive.exports.xml_feeds import atom_feed, rss_feed
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.matching_articles import find_newest
from unioncrawl.archive.search.query import parse_query
from unioncrawl.commands._console import exit_without
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, named_output
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArticleDamaged
from unioncrawl.files import replacing

app = typer.Typer()


def _json(articles: Sequence[StoredArticle], head: FeedHead) -> bytes:
    return (json.dumps(json_feed(articles, head), ensure_ascii=False, indent=2) + "\n").encode()


_WRITERS = {"json": _json, "atom": atom_feed, "rss": rss_feed}


@app.command()
def feed(
    *,
    query: Annotated[str, typer.Option(help="Only articles that match, as for search.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many articles, the newest.")] = 100,
    form: Annotated[
        Literal["json", "atom", "rss"], typer.Option("--format", help="The feed's format.")
    ] = "json",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", callback=named_output, help="The file; without it, or with -, it is printed."
        ),
    ] = None,
    mask: Annotated[
        bool, typer.Option("--mask", help="Make phone, identity and card numbers and mail unreadable.")
    ] = False,
    title: Annotated[str, typer.Option(help="The feed's title.")] = "工会新闻",
    home_page_url: Annotated[str, typer.Option(help="The page that the feed belongs to.")] = "",
    feed_url: Annotated[str, typer.Option(help="Where the feed will be found.")] = "",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Write a JSON Feed, an Atom or an RSS feed of the newest articles.

    Example: unioncrawl feed --format atom --query 工会 -o data/feeds/gonghui.atom
    """
    damaged: list[ArticleDamaged] = []
    with archive_to_read(archive) as connection:
        node = parse_query(query)
        refuse_unknown_sites(connection, node)
        numbers = find_newest(connection, node, limit, 0)
        articles = load_articles(connection, numbers, damaged.append)
    masking = Masking(MaskRules(numbers=mask, mail=mask))
    articles = [replace(stored, record=masking.article(stored.record)) for stored in articles]
    head = FeedHead(title, home_page_url, feed_url)
    document = _WRITERS[form](articles, head)
    if output is None:
        sys.stdout.buffer.write(document)
    else:
        with replacing(output) as file:
            file.write(document)
        say(f"{len(articles)} articles in {output}", err=True)
    if mask:
        say(f"{masking.stretches} stretches masked", err=True)
    exit_without(damaged)
