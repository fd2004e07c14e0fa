"""One address for one article: session ids, tracking, WAF tokens and twins folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_TRACKING = re.compile(
    r"^(?:utm_\w+|from|isappinstalled|spm|scm|nsukey|scene|clicktime|enterid|share\w*|wxshare\w*|"
    r"jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken|ivk_sa|sessionid|fromuid|bd_vid|fbclid|"
    r"gclid|wx_\w+|winzoom|tdsourcetag|qq-pf-to|pc_hash|callback|print|iswap|mobile|client|hmsr|hmpl|weixin\w*)$",
    re.IGNORECASE,
)
# Names that are tracking with one value and a route or a category with another (index.php?r=article/view).
_MAYBE_TRACKING = re.compile(r"^(?:t|_t|r|v|ts|timestamp|random|rand|rnd|_|time)$", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
# Only a path with one of these changes when it is resolved; resolving takes half of a fold.
_UNRESOLVED = re.compile(r"//|/\.|[%;\s]")
_STAMP = re.compile(r"\d{6,}|0?\.\d+|")
# A static page answers the same whatever its query; 瑞数 appends ?7OkeOa4k=… (acftu.org).
_STATIC = re.compile(r"\.(?:s?html?|jhtml)$", re.IGNORECASE)
_IDENTITY = re.compile(
    r"^(?:\w*id|page\w*|p|pn|aid|nid|tid|cid|catid|a|c|m|n|d|no|num|code|guid|key|uuid|article|news|info|type|col\w*)$",
    re.IGNORECASE,
)
_HOME = re.compile(r"/?(?:index\.\w{3,5}|default\.\w{3,5})?")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"
_BIG5_GATE = re.compile(r"^/gate/big5/(?P<host>[\w.-]+)(?P<path>/.*)?$")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?=\d{2}(?:\d{2})?(?!\d)|[-/_])")


class Origin(Protocol):
    """Where a site is."""

    @property
    def scheme(self) -> str:
        """``http`` or ``https``, as the site answers."""
        ...

    @property
    def hosts(self) -> Sequence[str]:
        """The main host, then its aliases."""
        ...


def canonical_url(url: str, site: Origin | None = None) -> str:
    """The address that identifies an article.

    Hosts and schemes fold by the site's aliases; without a site they stay.
    The path keeps its case: jngh.org.cn has ids that differ by it.

    >>> canonical_url("https://a.cn/xw/t20200929_547180.html?7OkeOa4k=qAc4qqk45d")
    'https://a.cn/xw/t20200929_547180.html'
    >>> canonical_url("http://jngh.org.cn/content/UFNGVmwtcHBxZ3JFeFJ0aGE")
    'http://jngh.org.cn/content/UFNGVmwtcHBxZ3JFeFJ0aGE'
    """
    parts = urlsplit(url.strip())
    host = parts.netloc.lower().rpartition("@")[2]
    gate = _BIG5_GATE.match(parts.path)
    path = parts.path
    if gate is not None:
        host, path = gate["host"].lower(), gate["path"] or "/"
    scheme, host = _origin(parts.scheme.lower(), host, site)
    path = _resolved(_SESSION_PATH.sub("", path))
    path, query = _fold_twins(path, _query(path, parts.query))
    path = quote(path, safe=_PATH_SAFE)
    route = parts.fragment.startswith(("/", "!/"))
    fragment = quote(parts.fragment, safe=_QUERY_SAFE + "#") if route else ""
    return urlunsplit((scheme, host, path, _encoded(sorted(query)), fragment))


def absolute_url(base: str, address: str) -> str:
    r"""The address as a link on the page at ``base`` means it; empty when it is not an address at all.

    >>> absolute_url("http://a.cn/xw/index.html", " ./202503/t20250301_1.html\n")
    'http://a.cn/xw/202503/t20250301_1.html'
    >>> absolute_url("http://a.cn/gy/index.htm", r"..\gy\2024\1000.htm")
    'http://a.cn/gy/2024/1000.htm'
    >>> absolute_url("http://a.cn/", "http://[工会]/")
    ''
    """
    try:
        url = urljoin(base, _with_slashes(address.strip()))
        _ = urlsplit(url).port
    except ValueError:
        return ""
    return url


def _with_slashes(address: str) -> str:
    """An address with the slashes that browsers read in place of backslashes (URL Standard, 4.4)."""
    if "\\" not in address:
        return address
    end = min((place for sign in "?#" if (place := address.find(sign)) >= 0), default=len(address))
    return address[:end].replace("\\", "/") + address[end:]


def encoded_url(url: str, encoding: str) -> str:
    """The address in ASCII, as a browser sends it: the path in UTF-8, the query in the page's encoding.

    >>> encoded_url("http://a.cn/NewsClass.asp?BigClass=工会", "gb18030")
    'http://a.cn/NewsClass.asp?BigClass=%B9%A4%BB%E1'
    >>> encoded_url("http://a.cn/show.asp?id=3&t=%E5%B7%A5", "gb18030")
    'http://a.cn/show.asp?id=3&t=%E5%B7%A5'
    """
    if url.isascii() and " " not in url:
        return url
    parts = urlsplit(url)
    query = quote(parts.query, safe=_QUERY_SAFE, encoding=encoding, errors="xmlcharrefreplace")
    return urlunsplit(parts._replace(path=quote(parts.path, safe=_PATH_SAFE), query=query))


def year_in_url(url: str) -> int | None:
    """The year in a URL's path, or None: it fills a printed date that lacks one.

    >>> year_in_url("http://a.cn/xw/202407/24/content_1.html")
    2024
    """
    found = _YEAR.search(urlsplit(url).path)
    return int(found[1]) if found else None


def _origin(scheme: str, host: str, site: Origin | None) -> tuple[str, str]:
    bare = re.sub(r":80$", "", host) if scheme == "http" else re.sub(r":443$", "", host)
    if site is not None and (bare in site.hosts or host in site.hosts):
        return site.scheme, site.hosts[0]
    return scheme, bare


def _resolved(path: str) -> str:
    """The path without dot segments and doubled slashes; escapes in upper case (RFC 3986, 6.2.2)."""
    if path[:1] == "/" and not _UNRESOLVED.search(path):
        return path
    path = _ESCAPE.sub(lambda found: found[0].upper(), path)
    # A slash before what looks like a scheme belongs to an address within the path.
    return urlsplit(urljoin("http://a/", re.sub(r"(?<!:)/{2,}", "/", path) or "/")).path or "/"


def _query(path: str, query: str) -> list[tuple[str, str]]:
    if not query:
        return []
    # An address that was escaped twice has &amp; left.
    given = parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True, errors="surrogateescape")
    pairs = [pair for pair in given if not _is_tracking(*pair)]
    if _STATIC.search(path):
        pairs = [pair for pair in pairs if _IDENTITY.match(pair[0]) and len(pair[1]) <= 40]
    return pairs


def _encoded(query: list[tuple[str, str]]) -> str:
    """The query in ASCII; bytes that are not UTF-8 (a query in GBK) come out as they came in."""
    return urlencode(query, safe="/:,@", errors="surrogateescape")


def _is_tracking(name: str, value: str) -> bool:
    if _TRACKING.match(name) or (name, value) == ("div", "-1"):
        return True
    return _MAYBE_TRACKING.match(name) is not None and _STAMP.fullmatch(value) is not None


def _fold_twins(path: str, query: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """Print, mobile and view twins whose address shows their main form."""
    values = dict(query)
    if path.endswith(("/content.jsp", "/show.jsp")) and {"wbtreeid", "wbnewsid"} <= values.keys():
        return f"{path.rpartition('/')[0]}/info/{values['wbtreeid']}/{values['wbnewsid']}.htm", []
    if path.startswith("/e/DoPrint"):
        return "/e/action/ShowInfo.php", [pair for pair in query if pair[0] in ("classid", "id")]
    if path == "/m/view.php" and "aid" in values:
        return "/plus/view.php", [("aid", values["aid"])]
    if path in ("/", "/index.php") and re.fullmatch(r"node/\d+", values.get("q", "")):  # Drupal
        return f"/{values['q']}", []
    if path.endswith("/print.php") and "contentid" in values:  # PHPCMS before v9
        return f"{path.removesuffix('print.php')}show.php", [("contentid", values["contentid"])]
    path = re.sub(r"^/index\.php(?=/node/\d+$)", "", path)
    return re.sub(r"^/BIG5(?=/n\d?/)", "", path), query


def is_home(url: str) -> bool:
    """Whether an address is that of a site's home page.

    >>> is_home("http://a.cn/"), is_home("http://a.cn/index.asp"), is_home("http://a.cn/index.php?id=7")
    (True, True, False)
    """
    parts = urlsplit(url)
    return not parts.query and _HOME.fullmatch(parts.path) is not None
