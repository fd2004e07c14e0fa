"""Meta tags of a page by which browsers' citation tools read what it shows.

Zotero's translator "Embedded Metadata" takes the kind of item from ``DC.type`` when it is one of
its own names, and the fields from ``citation_…`` (its table HIGHWIRE_MAPPINGS); ``og:site_name``
is the website's title, before which its translator "RDF" would take ``DC.source``, so 来源 has no
element. An author with a comma is surname and given name, one without stays whole.
JSON-LD would need a script element, which the reader's Content-Security-Policy forbids.
"""

from __future__ import annotations

from collections.abc import Iterator

from unioncrawl.citations.cited_source import CitedSource, Medium


def meta_tags(cited: CitedSource) -> list[tuple[str, str]]:
    """Return names and contents of ``<meta>`` elements, not escaped, in order.

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> seen = Evidence(seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    >>> page = CitedSource(
    ...     number=12, url="http://lx.example/1", title="送清凉", people=((Role.AUTHOR, "李方"),),
    ...     place=Place(key="lxzgh", name="临溪市总工会"), evidence=seen,
    ... )
    >>> meta_tags(page)[:3]
    [('citation_title', '送清凉'), ('citation_author', '李, 方'), ('citation_public_url', 'http://lx.example/1')]
    """
    return [(name, content) for name, content in _tags(cited) if content]


def _tags(cited: CitedSource) -> Iterator[tuple[str, str]]:
    is_paper = cited.medium is Medium.NEWSPAPER
    title = "：".join(filter(None, (cited.headline, cited.subtitle)))
    yield "citation_title", title
    for creator in cited.creators:
        yield "citation_author", f"{creator.family}, {creator.given}" if creator.given else creator.family
    yield "citation_public_url", cited.url
    yield "citation_publication_date", cited.day.replace("-", "/")
    yield "citation_language", "zh-CN"
    if is_paper:
        yield "citation_journal_title", cited.container
        yield "citation_firstpage", cited.place.page
    else:
        yield "citation_publisher", cited.container
        yield "og:site_name", cited.container
    yield "DC.type", "newspaperArticle" if is_paper else "webpage"
    yield "DC.title", title
    for creator in cited.creators:
        yield "DC.creator", creator.name
    yield "DC.date", cited.day
    yield "DC.publisher", cited.container
    yield "DC.identifier", cited.url
    yield "DC.language", "zh-CN"
