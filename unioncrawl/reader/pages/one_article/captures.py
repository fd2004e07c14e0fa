"""``/captures/{id}``: what is known of a captured response, its bytes, and the page in a closed frame."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from unioncrawl.archive.captures.kept_captures import KeptCapture, find_capture, is_as_captured, load_kept
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ArchiveError, CaptureNotFound, DecodeError
from unioncrawl.model import RawPage
from unioncrawl.reader.page_view import page_view, with_etag
from unioncrawl.reader.pages.article_id import ArticleId

router = APIRouter()
# Nothing is loaded, sent or run, wherever the page is opened; only its own styles and data: pictures show.
PAGE_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
_TEXT_TYPES = ("text/html", "application/xhtml+xml")
# The first bytes of the pictures that a browser shows and that hold no script (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern).
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"GIF8[79]a"), "image/gif", "gif"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp", "webp"),
)
# No policy forbids to look a name up or to open a connection ahead (rel=dns-prefetch, preconnect).
# A tag of another name does nothing; renaming one can't make another, as cutting it out could.
_HINTS = re.compile(r"<(?:link|meta|base)(?![\w-])", re.IGNORECASE)
# An empty element without effect outside of <object>.
_WITHOUT_EFFECT = "<param"


@router.get("/captures/{capture_id}")
def capture_page(request: Request, capture_id: ArticleId) -> Response:
    """Show the facts of a capture, and its page in a frame that nothing leaves."""
    view = page_view(request)
    raw, problem = None, ""
    with view.reader.connected() as connection:
        one = find_capture(connection, capture_id)
        if one.is_kept:
            try:
                raw = load_kept(connection, view.reader.captures, one)
            except ArchiveError as error:
                problem = f"{error.message} {error.next_step}"
    return view.render(
        "capture.html.j2",
        capture=one,
        raw=raw,
        problem=problem,
        is_same=raw is not None and is_as_captured(one, raw),
        is_page=raw is not None and _is_page(raw),
    )


@router.get("/captures/{capture_id}/raw")
def capture_bytes(request: Request, capture_id: ArticleId) -> Response:
    """Return the body as it came, to keep: never as something that a browser would open here."""
    view = page_view(request)
    with view.reader.connected() as connection:
        _, raw = _load(connection, view.reader.captures, capture_id)
    media_type, suffix = _safe_type(raw.body)
    headers = {"Content-Disposition": f'attachment; filename="capture-{capture_id}.{suffix}"'}
    return with_etag(request, Response(raw.body, media_type=media_type, headers=headers))


@router.get("/captures/{capture_id}/page")
def captured_page(request: Request, capture_id: ArticleId) -> Response:
    """Return the captured page for its frame, in the encoding that the reading of it chose."""
    view = page_view(request)
    with view.reader.connected() as connection:
        one, raw = _load(connection, view.reader.captures, capture_id)
    if not _is_page(raw):
        raise CaptureNotFound(
            f"capture {one.id} is not a page, but {one.content_type or 'of no stated type'}.",
            next_step="Take its bytes.",
            stage="archive",
        )
    try:
        text = decode_raw(raw).text
    except DecodeError:
        # What no encoding explains is shown with the signs of lost bytes.
        text = raw.body.decode("utf-8", "replace")
    headers = {"Content-Security-Policy": PAGE_POLICY, "X-DNS-Prefetch-Control": "off"}
    return with_etag(request, HTMLResponse(inert(text).encode("utf-8", "replace"), headers=headers))


def inert(page: str) -> str:
    """Rename the tags of a page that ask a network where no policy holds them; its text and looks stay.

    >>> inert('<LINK rel=preconnect href=//a.example><p>工会</p>')
    '<param rel=preconnect href=//a.example><p>工会</p>'
    >>> inert("<p>职工 <b>五一</b></p>")
    '<p>职工 <b>五一</b></p>'
    """
    return _HINTS.sub(_WITHOUT_EFFECT, page)


def _load(connection: Connection, folder: Path, number: int) -> tuple[KeptCapture, RawPage]:
    one = find_capture(connection, number)
    try:
        return one, load_kept(connection, folder, one)
    except ArchiveError as error:
        # The file is elsewhere or damaged: what was asked for is not to be had here, and verify says why.
        raise CaptureNotFound(error.message, next_step=error.next_step, stage="archive") from error


def _safe_type(body: bytes) -> tuple[str, str]:
    for pattern, media_type, suffix in _PICTURES:
        if pattern.match(body):
            return media_type, suffix
    return "application/octet-stream", "bin"


def _is_page(raw: RawPage) -> bool:
    stated = dict(raw.headers).get("content-type", "").partition(";")[0].strip().lower()
    return stated in _TEXT_TYPES or (not stated and b"<" in raw.body[:1024])
