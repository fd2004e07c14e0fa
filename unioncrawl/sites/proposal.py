"""Proposes a site file from one page: which system it shows, which links are its lists and articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html

from unioncrawl.model import DecodedPage
from unioncrawl.sites.families import FAMILIES

# What columns of union sites are called, for picking list pages among a home page's links.
_COLUMN_NAMES = re.compile(
    r"要闻|动态|新闻|工作|维权|帮扶|服务|竞赛|劳模|基层|通知|公告|公示|政策|法规|专题|工会|活动"
)
_LONGEST_COLUMN_NAME = 8
_MAX_COLUMNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed site file, what led to it, and what a person must check."""

    site_id: str
    family: str
    traces: tuple[str, ...]
    text: str
    to_check: tuple[str, ...]


def recognise_family(page: DecodedPage) -> tuple[str, tuple[str, ...]]:
    """The family whose traces the page shows most of, and those traces; ``generic`` when none.

    >>> page = DecodedPage(
    ...     url="http://a.cn/", text='<script src="/e/public/ViewClick/?classid=3&id=9">', encoding="utf-8"
    ... )
    >>> recognise_family(page)[0]
    'empirecms'
    >>> recognise_family(DecodedPage(url="http://a.cn/", text="<p>工会</p>", encoding="utf-8"))
    ('generic', ())
    """
    best: tuple[str, tuple[str, ...]] = ("generic", ())
    for family in FAMILIES.values():
        seen = tuple(found[0] for trace in family.traces if (found := re.search(trace, page.text)))
        if len(seen) > len(best[1]):
            best = (family.id, seen)
    if not best[1]:
        for family in FAMILIES.values():
            if family.traces and re.search(family.article_url, page.url):
                return family.id, (page.url,)
    return best


def propose_site(page: DecodedPage, site_name: str = "") -> Proposal:
    """Propose a site file from a saved or fetched page of the site.

    The name comes from the page's title when none is given; columns are links
    whose text is short and named as columns of union sites are, on the page's
    own host.
    """
    family, traces = recognise_family(page)
    parts = urlsplit(page.url)
    links = _links(page)
    columns = _columns(links, page.url, family)
    name = site_name or _title(page)
    site_id = _site_id(parts.hostname or "site")
    hosts = sorted({parts.netloc, *(_twin(parts.netloc, links))}, key=lambda host: host != parts.netloc)
    lines = [
        f'id = "{site_id}"',
        f'name = "{_quoted(name)}"',
        'level = "city"',
        f'family = "{family}"',
        "hosts = [" + ", ".join(f'"{host}"' for host in hosts) + "]",
    ]
    lines += ['scheme = "http"'] if parts.scheme == "http" else []
    if columns:
        rows = [f'  {{ name = "{_quoted(text)}", url = "{url}" }},' for text, url in columns]
        lines += ["columns = [", *rows, "]"]
    lines.append("verified = false")
    to_check = _to_check(name, family, bool(columns))
    return Proposal(
        site_id=site_id, family=family, traces=traces, text="\n".join(lines) + "\n", to_check=to_check
    )


def _to_check(name: str, family: str, has_columns: bool) -> tuple[str, ...]:  # noqa: FBT001 - private, one caller
    checks = [
        f"name: '{name}' is what the page's title says; write the union's own name.",
        "level: national, province, city, county, industry or paper; region: its six digits of GB/T 2260.",
    ]
    if not has_columns:
        checks.append("columns: none recognised; give the first list page of each 栏目.")
    else:
        checks.append("columns: keep those that list news, newest first; drop the others.")
    if family == "generic":
        checks.append(
            "family: no system recognised; article_url may need a pattern of the articles' addresses."
        )
    checks.append("then: unioncrawl sites check FILE --page SAVED-ARTICLE --url ITS-ADDRESS")
    return tuple(checks)


def _links(page: DecodedPage) -> list[tuple[str, str]]:
    """Each link's text and absolute address, in page order."""
    if not page.text.strip():
        return []
    root = lxml_html.fromstring(page.text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    found = []
    for anchor in root.iter("a"):
        address = (anchor.get("href") or "").strip()
        if address and not address.startswith(("#", "javascript:", "mailto:")):
            text = "".join((anchor.get("title") or anchor.text_content()).split())
            found.append((text, urljoin(page.url, address)))
    return found


def _columns(links: list[tuple[str, str]], page_url: str, family: str) -> list[tuple[str, str]]:
    host = urlsplit(page_url).netloc
    article = re.compile(FAMILIES[family].article_url)
    columns: dict[str, str] = {}
    for text, url in links:
        short = 0 < len(text) <= _LONGEST_COLUMN_NAME and _COLUMN_NAMES.search(text)
        if short and urlsplit(url).netloc == host and not article.search(url):
            columns.setdefault(url.partition("#")[0], text)
    return [(text, url) for url, text in columns.items()][:_MAX_COLUMNS]


def _title(page: DecodedPage) -> str:
    found = re.search(r"<title[^>]*>([^<]*)", page.text, re.IGNORECASE)
    parts = [part.strip() for part in re.split(r"[-_|—–>]+", found[1] if found else "") if part.strip()]
    named = [part for part in parts if "工会" in part or "报" in part or "网" in part]
    return (named or parts or [urlsplit(page.url).netloc])[-1]


def _site_id(host: str) -> str:
    labels = [
        label for label in host.lower().split(".") if label not in ("www", "com", "cn", "org", "gov", "net")
    ]
    return re.sub(r"[^a-z0-9_-]", "-", (labels or [host])[0]).strip("-_") or "site"


def _twin(netloc: str, links: list[tuple[str, str]]) -> set[str]:
    """The host with or without ``www.``, when the page links to it."""
    twin = netloc.removeprefix("www.") if netloc.startswith("www.") else f"www.{netloc}"
    return {twin} & {urlsplit(url).netloc for _, url in links}


def _quoted(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", text).replace("\\", "\\\\").replace('"', '\\"')
