"""Proposes a site file from one page: its system, its columns, where its articles are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from unioncrawl import outcomes
from unioncrawl.model import DecodedPage, Extraction, PageKind
from unioncrawl.sites.address_pattern import address_pattern
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.naming import site_id as named_id
from unioncrawl.sites.naming import site_name as name_in
from unioncrawl.sites.naming import title_parts
from unioncrawl.sites.recognise import PageLink, page_links, recognise_family
from unioncrawl.urls import is_home

# What columns of union sites are called, for picking list pages among a page's links.
_COLUMN_NAME = re.compile(
    r"要闻|动态|新闻|资讯|信息|工作|维权|权益|保障|帮扶|服务|竞赛|劳模|工匠|基层|通知|公告|公示|公开|政策|法规|法律|"
    r"专题|专栏|工会|活动|女工|女职工|职工|党建|宣传|教育|文化|文体|理论|交流|媒体|聚焦|风采|建设|改革|视频|图片|列表|[报版]"
)
_NO_COLUMN = re.compile(
    r"^(?:首页|网站首页|主页|返回.*|上一?页|下一?页|末页|尾页|登[录陆]|注册|更多|more|联系.*|关于.*|网站地图|"
    r"设为.*|加入.*|收藏.*|English|.*邮箱|.*登录|.*平台|.*系统|搜索|无障碍.*|长者.*|友情链接|版权.*|打印|关闭|\d+|"
    r".*公众号|微信|微博|RSS|举报.*|在线.*|投稿.*|意见.*|下载.*|APP.*|机构.*|领导.*|WAP.*|手机.*|移动.*)$",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|zip|rar|mp4|apk|exe|css|js|xml|rss|atom)$", re.IGNORECASE
)
# A search for a word, what bears a tag and what one author wrote repeat the columns.
_SEARCH = re.compile(r"/search\b|/tags?\b|/author/|[?&](?:keywords?|kw|tag|q|author)=", re.IGNORECASE)
# Whatever a feed lists is an article, though its addresses have no form in common.
_ANY_ADDRESS = "^https?://"
_LATER_PAGE = re.compile(r"(?<=/)page/\d+/?$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A headline has at least so many Chinese characters; 2025年3月, 下一页 and most columns' names have fewer.
_HEADLINE_HAN = 5
_LONGEST_COLUMN_NAME = 10
_LONGEST_OWN_NAME = 20
_MAX_COLUMNS = 40
# A title has at least so many characters; a column's name hardly ever.
_TITLE_LENGTH = 11
_ENOUGH_ARTICLES = 4
_LEVELS = (
    ("全国总|中华全国", "national"),
    ("日报|工人报|晚报|劳动报|数字报", "paper"),
    ("省|自治区|壮族|维吾尔|生产建设兵团|北京市|天津市|上海市|重庆市", "province"),
    ("[县区旗]总工会", "county"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed site file, what led to it, and what a person must check."""

    site_id: str
    family: str
    traces: tuple[str, ...]
    text: str
    to_check: tuple[str, ...]


def propose_site(
    page: DecodedPage,
    looked: Extraction,
    site_name: str = "",
    *,
    is_feed: bool,
    feed_items: Sequence[str] = (),
) -> Proposal:
    """Propose a site file from a saved or fetched page of the site, and what the page was found to be.

    Without ``site_name`` the name comes from the page's title. Columns are the page
    itself, when it is a list or a feed, and links that look like the family's lists
    or are named as columns of union sites are. Where most titles on the page lead to addresses
    that the family does not know, a pattern is made of these addresses.

    ``is_feed`` says that the page is a feed or a sitemap
    (`unioncrawl.page.lists.syndication`): its address is then the only column,
    and ``feed_items``, the addresses that it lists, are articles.
    """
    family, traces = recognise_family(page)
    kind = PageKind.LIST if is_feed else page_kind(looked, family)
    links = page_links(page)
    host = urlsplit(page.url).netloc
    own = [link for link in links if urlsplit(link.url).netloc == host]
    pattern = _feed_pattern(feed_items, family) if is_feed else _article_pattern(page.url, own, family, kind)
    article_url = pattern or FAMILIES[family].article_url
    columns = [("订阅", page.url)] if is_feed else _columns(page, own, family, article_url, kind)
    name = site_name or _name(page, own, looked, kind)
    site_id = named_id(urlsplit(page.url).hostname or "", name)
    lines = [
        f'id = "{site_id}"',
        f'name = "{_quoted(name)}"',
        f'level = "{_level(name)}"',
        f'family = "{family}"',
        "hosts = [" + ", ".join(f'"{host}"' for host in _hosts(page, links, family)) + "]",
    ]
    lines += ['scheme = "http"'] if urlsplit(page.url).scheme == "http" else []
    lines += [f"article_url = '{pattern}'"] if pattern else []
    if columns:
        rows = [f'  {{ name = "{_quoted(text)}", url = "{_quoted(url)}" }},' for text, url in columns]
        lines += ["columns = [", *rows, "]"]
    lines.append("verified = false")
    if kind is PageKind.SHELL:
        lines.append('closed = "shell: the page is built by a script; its articles come from an API"')
    return Proposal(
        site_id=site_id,
        family=family,
        traces=traces,
        text="\n".join(lines) + "\n",
        to_check=_to_check(name, family, len(columns), pattern, kind),
    )


def page_kind(looked: Extraction, family: str) -> PageKind:
    """What the page is; a page whose script leads elsewhere (an e-paper's home page) is a list, not a shell.

    A home page or a column's page of teasers may read like an article, but is not an article.
    """
    known = FAMILIES[family]
    is_list = known.marked and re.search(known.list_url, looked.url) is not None
    no_article = looked.kind is PageKind.ARTICLE and (is_home(looked.url) or is_list)
    return PageKind.LIST if no_article or looked.reason == outcomes.SCRIPT_REDIRECT else looked.kind


def _to_check(name: str, family: str, columns: int, pattern: str, kind: PageKind) -> tuple[str, ...]:
    checks = [
        f"name: '{name}' is what the page's title says; write the union's own name.",
        "level: national, province, city, county, industry or paper; region: its six digits of GB/T 2260.",
    ]
    if kind is PageKind.SHELL:
        checks.append("closed: a plain crawler sees no article here; the site is listed and not crawled.")
    if columns:
        checks.append("columns: keep those that list news, newest first; drop the others.")
    else:
        checks.append(
            "columns: none recognised, so the home page is read; give the first list page of each 栏目."
        )
    if pattern:
        checks.append("article_url: made of this page's titles; it must match articles and nothing else.")
    elif family == "generic":
        checks.append(
            "family: no system recognised; article_url may need a pattern of the articles' addresses."
        )
    checks.append("then: unioncrawl sites check FILE --page SAVED-ARTICLE --url ITS-ADDRESS")
    return tuple(checks)


def _columns(
    page: DecodedPage, own: list[PageLink], family: str, article_url: str, kind: PageKind
) -> list[tuple[str, str]]:
    article, listed = re.compile(article_url), re.compile(FAMILIES[family].list_url or r"(?!)")
    columns: dict[str, str] = {}
    if _is_list(page, own, article, kind):
        columns[_LATER_PAGE.sub("", page.url.partition("#")[0])] = _own_column_name(page, own)
    for link in own:
        url = link.url.partition("#")[0]
        parts = urlsplit(url)
        if article.search(url) or _FILE.search(parts.path) or _SEARCH.search(url) or is_home(url):
            continue
        text = _column_name(link)
        if not text:
            continue
        if _COLUMN_NAME.search(text) or listed.search(url):
            columns.setdefault(url, text)
    return _named_apart([(text, url) for url, text in columns.items()][:_MAX_COLUMNS])


def _column_name(link: PageLink) -> str:
    """The text of a link that may be a column's name, else empty."""
    text = link.text if 1 < len(link.text) <= _LONGEST_COLUMN_NAME else link.title
    return text if 1 < len(text) <= _LONGEST_COLUMN_NAME and not _NO_COLUMN.match(text) else ""


def _named_apart(columns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The columns, with a number after a repeated name: the archive identifies a column by its name."""
    seen: Counter[str] = Counter()
    named = []
    for text, url in columns:
        seen[text] += 1
        named.append((text if seen[text] == 1 else f"{text} {seen[text]}", url))
    return named


def _is_list(page: DecodedPage, own: list[PageLink], article: re.Pattern[str], kind: PageKind) -> bool:
    if kind is not PageKind.LIST or is_home(_LATER_PAGE.sub("", page.url)):
        return False
    return len({link.url for link in own if article.search(link.url)}) >= _ENOUGH_ARTICLES


def _article_pattern(url: str, own: list[PageLink], family: str, kind: PageKind) -> str:
    """A pattern of the addresses that the page's titles lead to, where the family's own fails.

    It fails when it misses most of them, and when it takes a column for an article
    (``/list.html?id=2`` beside ``/show.html?id=2``). Of an article's page its own
    address is enough.
    """
    known = re.compile(FAMILIES[family].article_url)
    headed = [link for link in own if len(_HAN.findall(link.title)) >= _HEADLINE_HAN]
    titles = list(dict.fromkeys(link.url for link in headed if len(link.title) >= _TITLE_LENGTH))
    named = [(link.url, _column_name(link)) for link in own]
    lists = [address for address, name in named if name]
    takes_lists = sum(
        known.search(address) is not None for address, name in named if _COLUMN_NAME.search(name)
    )
    meant = titles if takes_lists > 1 else [title for title in titles if not known.search(title)]
    others = _no_articles(own, {*titles, url} if kind is PageKind.ARTICLE else set(titles))
    if kind is PageKind.ARTICLE:
        is_known = takes_lists <= 1 and known.search(url)
        return "" if is_known else address_pattern(meant, lists, url, others)
    if len(meant) < max(_ENOUGH_ARTICLES, len(titles) / 2):
        return ""
    return address_pattern(meant, lists, others=others)


def _no_articles(own: list[PageLink], articles: set[str]) -> list[str]:
    """Addresses whose links have a text too short for a headline: pagers, archives, authors, columns.

    The same article may have a second link (阅读全文, 3条评论, its picture).
    """
    short = [link.url for link in own if link.title and len(_HAN.findall(link.title)) < _HEADLINE_HAN]
    bare = {article.partition("#")[0] for article in articles}
    headed = {link.url.partition("#")[0] for link in own if len(_HAN.findall(link.title)) >= _HEADLINE_HAN}
    return [url for url in dict.fromkeys(short) if url.partition("#")[0] not in bare | headed]


def _feed_pattern(items: Sequence[str], family: str) -> str:
    """A pattern of the addresses that a feed or sitemap lists, where the family's misses one of them."""
    if all(re.search(FAMILIES[family].article_url, url) for url in items):
        return ""
    pattern = address_pattern(items)
    return pattern if pattern and all(re.search(pattern, url) for url in items) else _ANY_ADDRESS


def _name(page: DecodedPage, own: list[PageLink], looked: Extraction, kind: PageKind) -> str:
    """The site's name as the page gives it, else its host."""
    is_article = kind is PageKind.ARTICLE and looked.article is not None
    headline = looked.article.title if is_article and looked.article is not None else ""
    home_texts = [link.text for link in own if is_home(link.url)]
    return name_in(page, home_texts, headline) or urlsplit(page.url).netloc


def _own_column_name(page: DecodedPage, own: list[PageLink]) -> str:
    """What a list page is called: by a link to itself, else by its title."""
    called = [_column_name(link) for link in own if link.url.partition("#")[0] == page.url.partition("#")[0]]
    parts = title_parts(page)
    return next((name for name in called if name), parts[0][:_LONGEST_OWN_NAME] if parts else "列表")


def _level(name: str) -> str:
    return next((level for pattern, level in _LEVELS if re.search(pattern, name)), "city")


def _hosts(page: DecodedPage, links: list[PageLink], family: str) -> list[str]:
    """The page's host, then its twin with or without ``www.`` and the hosts that serve its articles too."""
    own = urlsplit(page.url).netloc
    bare = own.removeprefix("www.")
    twin = bare if own.startswith("www.") else f"www.{own}"
    article = re.compile(FAMILIES[family].article_url)
    others = Counter(
        urlsplit(link.url).netloc
        for link in links
        if urlsplit(link.url).netloc == twin
        or (urlsplit(link.url).netloc.endswith(f".{bare}") and article.search(link.url))
    )
    return [own, *(host for host in sorted(others) if host != own)]


def _quoted(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", text).replace("\\", "\\\\").replace('"', '\\"')
