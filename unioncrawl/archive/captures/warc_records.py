"""What a record of a WARC 1.1 file looks like: its head, its block, its digests.

Headers that a decoded response contradicts are renamed, as other archivers do:
``Content-Encoding`` and ``Transfer-Encoding`` that no longer hold, and a
``Content-Length`` that counted something else, are kept under
``X-Archive-Orig-…``.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import product
from urllib.parse import urlsplit
from uuid import uuid4

from unioncrawl._layout import __version__
from unioncrawl.archive.captures.record_gzip import pack
from unioncrawl.model import RawPage

_GZIP_MAGIC = b"\x1f\x8b"
# Base32 (RFC 4648, 6) of the 256 bits of a SHA-256, ten bits at a time: 26 pairs of letters.
_PAIRS = ["".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)]
_PADDED_BITS, _SHIFTS = 4, range(250, -1, -10)
Headers = Iterable[tuple[str, str]]


def record_id() -> str:
    """Return an id for a record."""
    return f"<urn:uuid:{uuid4()}>"


def warc_date(time: datetime) -> str:
    """Return a time as WARC files have it, in UTC to the second."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def labelled(digest: bytes) -> str:
    """A SHA-256 as WARC files label it; `base64.b32encode` takes twice as long, four times a page."""
    number = int.from_bytes(digest) << _PADDED_BITS
    return "sha256:" + "".join([_PAIRS[number >> shift & 0x3FF] for shift in _SHIFTS]) + "===="


def warc_record(
    kind: str, content_type: str, block: bytes, time: datetime, about: Iterable[tuple[str, str]]
) -> bytes:
    """Return one WARC record as a gzip member."""
    headers = dict(about)
    headers.setdefault("WARC-Record-ID", record_id())
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Date: {warc_date(time)}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"WARC-Block-Digest: {labelled(hashlib.sha256(block).digest())}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]
    return pack(b"".join(("\r\n".join(lines).encode(), b"\r\n\r\n", block, b"\r\n\r\n")))


def whole_record(page: RawPage) -> bytes:
    """Return a page as a response record with its body, for a file that refers to no other one."""
    about = [("WARC-Target-URI", page.url), ("WARC-Payload-Digest", body_digest(page.body))]
    if page.ip_address:
        about.append(("WARC-IP-Address", page.ip_address))
    block = response_head(page) + page.body
    time = page.fetched_at or datetime.now(UTC)
    return warc_record("response", "application/http;msgtype=response", block, time, about)


def body_digest(body: bytes) -> str:
    """Return the digest of a body as records state it."""
    return labelled(hashlib.sha256(body).digest())


def info_record(name: str, about: Mapping[str, str] | None = None) -> bytes:
    """Return the record that opens a file of captures; ``about`` are more fields of it."""
    own = {"software": f"unioncrawl/{__version__}", "format": "WARC File Format 1.1"}
    return warc_record(
        "warcinfo",
        "application/warc-fields",
        warc_fields({**own, **(about or {})}),
        datetime.now(UTC),
        [("WARC-Filename", name)],
    )


def crawl_account(given: Mapping[str, str]) -> dict[str, str]:
    """Return what the files of a crawl say of who made them (ISO 28500:2017, 6.2 and its annex).

    ``given`` has any of "operator" (a name), "contact", "agent", "robots", "site"; what is empty is left out.

    >>> said = crawl_account({"operator": "临溪市工运史馆", "contact": "li@linxi.example", "robots": ""})
    >>> said["operator"], "robots" in said
    ('临溪市工运史馆, li@linxi.example', False)
    """
    named = (given.get("operator", ""), given.get("contact", ""))
    said = {
        "operator": ", ".join(filter(None, named)),
        "hostname": socket.gethostname(),
        "http-header-user-agent": given.get("agent", ""),
        "robots": given.get("robots", ""),
        "isPartOf": given.get("site", ""),
    }
    return {name: value for name, value in said.items() if value}


def warc_fields(fields: Mapping[str, str]) -> bytes:
    """Return fields as lines; a value that has lines of its own becomes one."""
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields.items()).encode()


def request_block(url: str, method: str, headers: Headers, body: bytes) -> bytes:
    """Return the request that was sent, as HTTP/1.1."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() != "host"]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def response_head(page: RawPage) -> bytes:
    """Return the head of a response, with the fields that its body contradicts under other names."""
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:  # 412 is known, 521 of a CDN is not
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    for name, value in page.headers:
        kept = f"X-Archive-Orig-{name.title()}" if _no_longer_holds(name.lower(), value, page.body) else name
        lines.append(f"{kept}: {value}")
    if page.body and not any(line.lower().startswith("content-length:") for line in lines):
        lines.append(f"Content-Length: {len(page.body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def _no_longer_holds(name: str, value: str, body: bytes) -> bool:
    if name == "transfer-encoding":
        return True
    if name == "content-encoding":
        return not (value.strip().lower() in {"gzip", "x-gzip"} and body.startswith(_GZIP_MAGIC))
    return name == "content-length" and value.strip() != str(len(body))
