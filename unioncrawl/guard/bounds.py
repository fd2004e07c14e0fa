"""Every bound on what a stranger's page, answer or file may cost: one table.

A bound keeps memory, time and disk flat whatever arrives. Reaching one is never
silent: ``reached`` says what is reported, ``remedy`` what to do. Those that are
`Bound.is_setting` follow an environment variable of their name, and in a crawl
``-s NAME=…``. `docs/bounds.md` holds the same table.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from unioncrawl.errors import ArgumentInvalid

_MIB = 1 << 20
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit with its name, its default, what happens there and what to do about it."""

    name: str
    default: int
    what: str
    reached: str
    remedy: str = "Inspect the capture: no page of news needs more."
    is_setting: bool = False

    def now(self) -> int:
        """The bound in force: the environment's, where it may be set there, else the default.

        Raises `ArgumentInvalid` for a value that is not a whole number above 0.
        """
        given = os.environ.get(self.name, "") if self.is_setting else ""
        return self.read(given) if given else self.default

    def given(self, settings: Mapping[str, object]) -> int:
        """The bound of a crawl's settings. Raises `ArgumentInvalid`, as `read` does."""
        return self.read(settings.get(self.name) or self.default)

    def read(self, given: object) -> int:
        """A value that was given for it as a number.

        >>> BODY_BYTES.read("1000")
        1000

        Raises `ArgumentInvalid` for a value that is not a whole number above 0.
        """
        text = str(given).strip().replace("_", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and int(text)):
            raise ArgumentInvalid(
                f"{self.name}={given}: not a whole number above 0.",
                next_step=f"Its default is {self.default}.",
            )
        return int(text)


_RAISE = "Set it higher, and run again."

BODY_BYTES = Bound(
    name="UNIONCRAWL_MAX_BODY_BYTES",
    # A sitemap may have 50 MB (sitemaps.org); the longest page that we saw has 5.
    default=64 * _MIB,
    what="bytes of a response, a captured record, a record of an import or a file that is read whole,"
    " packed or unpacked",
    reached="crawl: rejection `too-large` or `unpacks-too-large`, the packed bytes are kept as a capture;"
    " import and `repair --warc`: the record is reported, the others are taken; another command: an error",
    remedy=_RAISE,
    is_setting=True,
)
UNPACK_RATIO = Bound(
    name="UNIONCRAWL_MAX_UNPACK_RATIO",
    # Lists of a thousand equal rows pack to a hundredth; the tests measure it.
    default=250,
    what=f"times that a body grows by unpacking, once it has more than {4 * _MIB:,} bytes",
    reached="the same as for too many bytes",
    remedy=_RAISE,
    is_setting=True,
)
UNPACK_FREE_BYTES = 4 * _MIB
# zstandard returns all that a piece unpacks to: at most 128 KiB for 4 bytes (RFC 8878,
# section 3.1.1.2): so many bytes unpack to 32 MiB at most.
ZSTD_PIECE_BYTES = 1 << 10
CODINGS = Bound(
    name="MAX_CODINGS",
    # RFC 9110 lets codings stack; no server was seen to stack more than two.
    default=4,
    what="content codings over one body",
    reached="the same as for too many bytes",
)
CLAIMS = Bound(
    name="MAX_ENCODING_CLAIMS",
    # Every codec that is claimed may be tried on the whole page.
    default=16,
    what="different charsets that the headers or the metas of one page declare",
    reached="those after them are not tried; the bytes decide anyway",
)
IMPORT_FIELD_CHARACTERS = Bound(
    name="MAX_FIELD_CHARACTERS",
    # A body of a thousand pages is shorter; a quotation mark that is never closed swallows no more.
    default=1 << 23,
    what="characters of one field of a CSV table",
    reached="the line in which the field begins is reported, those after it are read",
    remedy="Close the quotation mark in that line.",
)
IMPORT_RESTARTS = Bound(
    name="MAX_IMPORT_RESTARTS",
    # Each one reads a table of SQLite from its beginning.
    default=100,
    what="rows of a SQLite table that its file can't give out",
    reached="the rows after them are not read, and the import says so",
    remedy="Recover the file first: sqlite3 FILE .recover.",
)
PAGE_CHARACTERS = Bound(
    name="MAX_PAGE_CHARACTERS",
    # Pictures within the page (data:) do not count. Parsed, a page takes ten times its size.
    default=1 << 24,
    what="characters of a page that is parsed",
    reached="rejection `too-large`, the page is kept as a capture",
)
PAGE_DEPTH = Bound(
    name="MAX_PAGE_DEPTH",
    # The limit of libxml2 for large trees. Templates that never close <font> reach some hundreds.
    default=2048,
    what="elements within each other on a page",
    reached="rejection `too-complex`, the page is kept as a capture",
)
TAG_ATTRIBUTES = Bound(
    name="MAX_TAG_ATTRIBUTES",
    # The parser compares each with all others.
    default=1000,
    what="attributes of one tag",
    reached="rejection `too-complex`, the page is kept as a capture",
)
LIST_PAGES = Bound(
    name="UNIONCRAWL_MAX_LIST_PAGES",
    # A column of ten articles a day for twenty years, fifteen a page.
    default=5_000,
    what="list pages of one column in one run",
    reached="the walk ends as `too-many-pages`: rejection, the run is not complete, exit 1",
    remedy=_RAISE,
    is_setting=True,
)
ENTRIES = Bound(
    name="UNIONCRAWL_MAX_ENTRIES",
    # The addresses of a run are kept in memory, about 300 bytes each.
    default=200_000,
    what="entries of one column in one run",
    reached="the walk ends as `too-many-entries`: rejection, the run is not complete, exit 1",
    remedy=_RAISE,
    is_setting=True,
)
PAGE_ENTRIES = Bound(
    name="MAX_PAGE_ENTRIES",
    # sitemaps.org allows a sitemap as many.
    default=50_000,
    what="entries of one list page, feed or sitemap",
    reached="those after them are left out, and the walk ends as `too-many-entries`",
    remedy="Name a narrower column, or a pattern of addresses, in the site file.",
)
SITEMAPS = Bound(
    name="UNIONCRAWL_MAX_SITEMAPS",
    # A month a sitemap for forty years.
    default=500,
    what="sitemaps that the indexes of one column name, indexes within indexes included",
    reached="the walk ends as `too-many-sitemaps`: rejection, the run is not complete, exit 1",
    remedy=_RAISE,
    is_setting=True,
)
FORM_FIELDS = Bound(
    name="MAX_FORM_FIELDS",
    # ASP.NET itself takes 1,000 (aspnet:MaxHttpCollectionKeys); a list's page has a dozen.
    default=200,
    what="fields of a form by which a list asks for its next page",
    reached="the walk ends as `too-many-form-fields`: rejection, the run is not complete, exit 1",
)
FORM_BYTES = Bound(
    name="MAX_FORM_BYTES",
    # The state of a page (__VIEWSTATE) with a large table in it has some hundred kilobytes.
    default=1 << 20,
    what="bytes of a form by which a list asks for its next page",
    reached="the walk ends as `too-many-form-bytes`: rejection, the run is not complete, exit 1",
)
REDIRECTS = Bound(
    name="REDIRECT_MAX_TIMES",
    default=10,
    what="redirects from one address",
    reached="rejection `redirect-loop`",
    remedy="Give `-s REDIRECT_MAX_TIMES=…`, Scrapy's own setting.",
)
PARTS = Bound(
    name="MAX_PARTS",
    # The longest article that we saw has 38.
    default=60,
    what="parts of one article",
    reached="the article is kept with these, and its evidence has `part-missing`",
)
COOKIE_BYTES = Bound(
    name="MAX_COOKIE_BYTES",
    # Servers take 8 KiB for all header fields of a request.
    default=4096,
    what="bytes of the cookies that are sent to one host",
    reached="all cookies of that host are forgotten, counted as `unioncrawl/cookies/dropped`",
    remedy="Nothing: pages of news need no cookie.",
)
COOKIES = Bound(
    name="MAX_COOKIES",
    # RFC 6265 section 6.1 asks clients for at least 50.
    default=50,
    what="cookies that are sent to one host",
    reached="the same as for too many bytes of cookies",
    remedy="Nothing: pages of news need no cookie.",
)
ROBOTS_BYTES = Bound(
    name="MAX_ROBOTS_BYTES",
    # RFC 9309 section 2.5 asks for at least 500 KiB.
    default=512 << 10,
    what="bytes of robots.txt",
    reached="the lines before are obeyed, counted as `unioncrawl/robots/cut`;"
    " one that can't be unpacked, or is larger than a body, forbids everything"
    " (rejection `robots-unreachable`)",
    remedy="Inspect the capture; write to the site.",
)
HEADERS = Bound(
    name="MAX_HEADERS",
    default=200,
    what="header fields of a response that are kept",
    reached="the others are left out, and the capture has `x-unioncrawl-left-out` with their number",
)
HEADER_BYTES = Bound(
    name="MAX_HEADER_BYTES",
    default=64 << 10,
    what="bytes of the header fields of a response that are kept",
    reached="the same as for too many header fields",
)
ARTICLE_CHARACTERS = Bound(
    name="MAX_ARTICLE_CHARACTERS",
    # A yearbook of a thousand pages.
    default=2_000_000,
    what="characters of an article's text",
    reached="rejection `too-long`, the page is kept as a capture",
)
TITLE_CHARACTERS = Bound(
    name="MAX_TITLE_CHARACTERS",
    # The longest headline that we saw has 118.
    default=1_000,
    what="characters of a headline, and of each other field of one line",
    reached="rejection `too-long`, the page is kept as a capture",
)
ARTICLE_ITEMS = Bound(
    name="MAX_ARTICLE_ITEMS",
    # The album of a photo contest has hundreds.
    default=5_000,
    what="pictures, files, pieces of evidence of an article, each",
    reached="rejection `too-many-items`, the page is kept as a capture",
)

# In the order of the table in docs/bounds.md.
BOUNDS: tuple[Bound, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Bound))
