"""The response that spiders see: Scrapy's, with the decoded page and where its bytes lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeGuard

from scrapy.http import Headers, HtmlResponse, Response
from scrapy.utils.response import get_base_url

from unioncrawl.guard.bounds import HEADER_BYTES, HEADERS
from unioncrawl.model import CaptureRef, DecodedPage, RawPage
from unioncrawl.urls import absolute_url

if TYPE_CHECKING:
    from typing import Self


class PageResponse(HtmlResponse):
    """A page whose text is the one that `unioncrawl.decode.order` found.

    ``page`` is that text with its evidence, ``capture`` where the raw response
    lies (None when captures are switched off).
    """

    attributes: tuple[str, ...] = (*HtmlResponse.attributes, "page", "capture")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Scrapy's own signature
        page: DecodedPage,
        capture: CaptureRef | None = None,
        **kwargs: Any,  # noqa: ANN401 - Scrapy's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.capture = capture

    @classmethod
    def of(cls, response: Response, page: DecodedPage) -> Self:
        """The response as a page: all that it has but its text.

        Scrapy's `Response.replace` would ask a response without a declared charset for its
        encoding first, for which Scrapy decodes the body.
        """
        kept = {name: getattr(response, name) for name in Response.attributes}
        return cls(**kept, encoding=page.encoding, page=page)

    @property
    def text(self) -> str:
        """The text as decoded once, instead of Scrapy's own guess at the encoding."""
        return self.page.text


def raw_page(response: Response) -> RawPage:
    """The response as a `RawPage`: bytes untouched, header names lower case, repeats kept.

    Headers and time of a decoded page are those with which it was decoded.
    """
    return RawPage(
        url=response.url,
        body=response.body,
        status=response.status,
        headers=response.page.headers if is_page(response) else _kept(_pairs(response.headers)),
        fetched_at=response.page.fetched_at if is_page(response) else datetime.now(UTC),
        ip_address=_server_address(response),
    )


def _server_address(response: Response) -> str:
    """The address that answered; empty for a proxy's, which is not the site's."""
    is_direct = response.request is None or not response.request.meta.get("proxy")
    return str(response.ip_address or "") if is_direct else ""


def _pairs(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        printed = name.decode("latin-1").lower()
        yield from ((printed, value.decode("latin-1")) for value in values)


def _kept(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """As many header fields as the bounds allow, and one more field that says how many are left out."""
    kept: list[tuple[str, str]] = []
    room, left_out = HEADER_BYTES.default, 0
    for name, value in headers:
        room -= len(name) + len(value)
        if room < 0 or len(kept) >= HEADERS.default:
            left_out += 1
        else:
            kept.append((name, value))
    return (*kept, ("x-unioncrawl-left-out", str(left_out))) if left_out else tuple(kept)


def is_page(response: Response) -> TypeGuard[PageResponse]:
    """Whether the response was decoded as a page."""
    return isinstance(response, PageResponse)


def linked(response: PageResponse, address: str) -> str:
    """The address as a link on the page means it; an invalid one stays as it is, for the gate to refuse."""
    try:
        base = get_base_url(response)
    except ValueError:  # a <base> that is not an address
        base = response.url
    return absolute_url(base, address) or address
