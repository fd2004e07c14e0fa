"""``unioncrawl search``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.search.answer import Hit, SearchAnswer, SearchRequest, request_node, search
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.query import Node, filter_node
from unioncrawl.archive.search.snippets import MARK_END, MARK_START
from unioncrawl.commands._console import Part, print_line
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    MOST,
    ArchiveOption,
    JsonOption,
    print_json,
    refuse_backwards,
)
from unioncrawl.language.zones import local_time

app = typer.Typer()


# A query may begin with -: it leaves out what follows.
@app.command(context_settings={"ignore_unknown_options": True})
def search_command(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, site: since: hits:>1000 …')],
    *,
    limit: Annotated[int, typer.Option(min=0, max=MOST, help="How many to show.")] = 20,
    offset: Annotated[int, typer.Option(min=0, max=MOST, help="How many to pass over.")] = 0,
    site: Annotated[str, typer.Option(help="Only this site.")] = "",
    since: Annotated[str, typer.Option(help="Published on or after this day, month or year.")] = "",
    until: Annotated[str, typer.Option(help="Published on or before this day, month or year.")] = "",
    order: Annotated[Literal["newest", "relevance"], typer.Option(help="What comes first.")] = "newest",
    facets: Annotated[bool, typer.Option("--facets", help="Count by site, year and source.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Search the archive.

    Example: unioncrawl search '工会 "五一劳动节" since:2024 -site:practice-mirror'
    """
    refuse_backwards(since, until)
    wanted = (("site", site), ("since", since), ("until", until))
    narrowed: tuple[Node, ...] = tuple(filter_node(field, value) for field, value in wanted if value)
    request = SearchRequest(
        query=query, limit=limit, offset=offset, order=order, facets=facets, narrowed=narrowed
    )
    with archive_to_read(archive) as connection:
        refuse_unknown_sites(connection, request_node(request))
        answer = search(connection, request)
    if as_json:
        print_json(_plain(answer, facets=facets))
    else:
        _show(answer)


def _plain(answer: SearchAnswer, *, facets: bool) -> dict[str, object]:
    plain: dict[str, object] = {
        "total": answer.total,
        "results": [_plain_hit(hit) for hit in answer.results],
    }
    if facets:
        plain["facets"] = {
            name: [{"value": value, "count": count} for value, count in counts]
            for name, counts in answer.facets.items()
        }
    return plain


def _plain_hit(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.id,
        "title": hit.title,
        "url": hit.url,
        "site": hit.site,
        "source": hit.source,
        "published_at": local_time(hit.published_at),
        "hits": hit.hits,
        "snippet": hit.snippet,
        # A key of its own for those that their site has deleted.
        **({"vanished_at": local_time(hit.vanished_at)} if hit.vanished_at else {}),
    }


def _show(answer: SearchAnswer) -> None:
    for hit in answer.results:
        print_line((f"{hit.id:>7}  ", "dim"), (hit.title, "bold"))
        facts = [hit.site, (local_time(hit.published_at) or "")[:10], hit.source]
        if hit.hits is not None:
            facts.append(f"点击量 {hit.hits}")
        if hit.vanished_at is not None:
            facts.append(f"原网址已无此文 (vanished) {(local_time(hit.vanished_at) or '')[:10]}")
        print_line(("         " + "  ".join(filter(None, facts)), "dim"))
        print_line("         ", *_bold_marks(hit.snippet))
    for name, counts in answer.facets.items():
        line = "  ".join(f"{value or '—'} {count}" for value, count in counts)
        print_line((f"{name}: ", "bold"), line)
    print_line(f"{answer.total} found, {len(answer.results)} shown")


def _bold_marks(snippet: str) -> list[Part]:
    parts = snippet.replace(MARK_END, MARK_START).split(MARK_START)
    return [(part, "bold red") if position % 2 else part for position, part in enumerate(parts)]
