"""How a page is made: its language and type, its words, its links, its template.

All that a reader chose stands in the address: ``lang=en`` (without it Chinese) and
``type=large``. Every link of a page carries both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from unioncrawl.archive.search.snippets import MARK_END, MARK_START, mark_matches
from unioncrawl.guard.web_address import web_link
from unioncrawl.language.zones import local_time
from unioncrawl.reader.reading import Reader, reader_of
from unioncrawl.reader.words import LANGUAGE_TAGS, LANGUAGES, load_words

HERE = Path(__file__).parent
_NOT_MODIFIED = 304
_OWN_HEADERS = ("content-security-policy", "x-dns-prefetch-control")
# The sections of the reader: where each begins, and the key of its name.
NAV = (
    ("/", "nav.search"),
    ("/sites", "nav.sites"),
    ("/trends", "nav.trends"),
    ("/hits", "nav.hits"),
    ("/reprints", "nav.reprints"),
    ("/runs", "nav.runs"),
    ("/reports", "nav.reports"),
)
# What the address says of the pages themselves, and not of what is asked.
_LOOK = ("lang", "type")


@dataclass(frozen=True, slots=True)
class PageView:
    """One page for one visitor."""

    request: Request
    reader: Reader
    language: str
    is_large: bool

    def words(self, key: str, **values: object) -> str:
        """Return what the page says for a key, with values in their places."""
        said = load_words(self.language)[key]
        return said.format(**values) if values else said

    def link(self, path: str, **asked: object) -> str:
        """Return an address of this reader; parameters that are empty are left out."""
        look = {"lang": self.language if self.language != LANGUAGES[0] else "", "type": self._type}
        return self.plain_link(path, **{**asked, **{name: asked.get(name, look[name]) for name in _LOOK}})

    def plain_link(self, path: str, **asked: object) -> str:
        """Return an address for a program, which has no language and no type."""
        given = {name: value for name, value in asked.items() if value not in (None, "", False)}
        query = f"?{urlencode(given, doseq=True)}" if given else ""
        return f"{self.request.scope.get('root_path', '')}{quote(path)}{query}"

    def here(self, **changed: object) -> str:
        """Return the address of this page with some parameters changed."""
        given = self.request.query_params
        params: dict[str, object] = {name: given.getlist(name) for name in given}
        path = self.request.scope["path"].removeprefix(self.request.scope.get("root_path", ""))
        return self.link(path, **{**params, **changed})

    def absolute_link(self, path: str, **asked: object) -> str:
        """Return a whole address for a program: at the host that the guard let pass."""
        scope = self.request.scope
        return f"{scope['scheme']}://{self.request.headers['host']}{self.plain_link(path, **asked)}"

    def permalink(self, digest: str) -> str:
        """Return the whole address of a revision."""
        return self.absolute_link(f"/revisions/{digest}")

    @property
    def _type(self) -> str:
        return "large" if self.is_large else ""

    def render(self, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - any template's
        """Fill a template in; a visitor that has this very page already gets 304."""
        page = templates().get_template(template)
        text = page.render(
            view=self,
            t=self.words,
            link=self.link,
            here=self.here,
            plain_link=self.plain_link,
            words_of=load_words,
            nav=NAV,
            nav_here=values.pop("nav_here", ""),
            language=self.language,
            language_tag=LANGUAGE_TAGS[self.language],
            is_large=self.is_large,
            **values,
        )
        return with_etag(self.request, HTMLResponse(text, status_code=status))


def page_view(request: Request) -> PageView:
    """Return the view of a request."""
    params = request.query_params
    language = params.get("lang", "")
    return PageView(
        request=request,
        reader=reader_of(request),
        language=language if language in LANGUAGES else LANGUAGES[0],
        is_large=params.get("type") == "large",
    )


def with_etag(request: Request, response: Response) -> Response:
    """Name an answer by its content; 304 without the content for who has it (RFC 9110, 13.1.2).

    The name is a weak one: packed or not, the content is the same, and its bytes are not.
    """
    if response.status_code != 200:  # noqa: PLR2004 - errors are not kept
        return response
    tag = f'"{hashlib.blake2b(bytes(response.body), digest_size=12).hexdigest()}"'
    offered = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in offered or "*" in offered:
        # A browser takes the headers of a 304 for those of what it has: the policy stays the page's own.
        own = {name: response.headers[name] for name in _OWN_HEADERS if name in response.headers}
        return Response(status_code=_NOT_MODIFIED, headers={"ETag": f"W/{tag}", **own})
    response.headers["ETag"] = f"W/{tag}"
    return response


@cache
def templates() -> Environment:
    """Return the templates, each compiled once."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["static_version"] = _static_version()
    environment.filters.update(
        {"marked": marked, "matched": matched, "web_link": web_link, "local": local_time, "grouped": grouped}
        | {"drawn": drawn}
    )
    return environment


def _static_version() -> str:
    """Return a name of the present static files, so that a browser may keep them for ever."""
    contents = b"".join(path.read_bytes() for path in sorted((HERE / "static").iterdir()))
    return hashlib.blake2b(contents, digest_size=6).hexdigest()


def marked(snippet: str) -> Markup:
    """Escape a snippet and put its matches into ``<mark>``.

    >>> str(marked("市总⟦工会⟧ <b>"))
    '市总<mark>工会</mark> &lt;b&gt;'
    """
    return Markup(str(escape(snippet)).replace(MARK_START, "<mark>").replace(MARK_END, "</mark>"))  # noqa: S704 - escaped


def matched(text: str, terms: Sequence[str]) -> Markup:
    """Escape a text and put the words of a query into ``<mark>``.

    >>> str(matched("市总工会", ["工会"]))
    '市总<mark>工会</mark>'
    """
    return marked(mark_matches(text, terms))


def drawn(picture: str) -> Markup:
    """Put a picture of `unioncrawl.reader.charts` into a page: its texts are escaped there."""
    return Markup(picture)  # noqa: S704 - made by us alone


def grouped(number: int) -> str:
    """Write a number with its thousands apart.

    >>> grouped(12345)
    '12,345'
    """
    return f"{number:,}"
