"""The index of a file for replay: which captured address stands at which place (CDXJ, in blocks of gzip)."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

# As many lines as other writers put into a block (cdxj-indexer, 3000); a reader unpacks one block a look-up.
_LINES_OF_A_BLOCK = 3_000
_GZIP = 16 + zlib.MAX_WBITS
_WWW = re.compile(r"www\d*\.")
# A session in the path is no part of an address: the same page has another one at each visit.
_SESSION = re.compile(rb";jsessionid=[0-9a-z]{32}(?:\.[0-9a-z]+)?", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What stays as it is in a key; all else is percent-encoded (SURT, as Wayback machines write it).
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A captured response, and where its record stands."""

    url: str
    at: datetime
    mime: str
    status: int
    digest: str
    offset: int
    length: int
    file: str

    def line(self) -> str:
        """Return its line of CDXJ."""
        facts = {
            "url": self.url,
            "mime": self.mime,
            "status": str(self.status),
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.file,
        }
        time = self.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        return f"{url_key(self.url)} {time} {json.dumps(facts, ensure_ascii=False)}\n"


def url_key(url: str) -> str:
    """Return the key under which replay looks an address up: host backwards, small letters, sorted query.

    >>> url_key("http://www.linxi.cn:80/News/1.html?b=2&A=1#top")
    'cn,linxi)/news/1.html?a=1&b=2'
    >>> url_key("https://donghe.gov.cn:8443/要闻/"), url_key("http://donghe.gov.cn")
    ('cn,gov,donghe:8443)/%e8%a6%81%e9%97%bb', 'cn,gov,donghe)/')
    """
    parts = urlsplit(url)
    host = _WWW.sub("", (parts.hostname or "").rstrip("."), count=1)
    try:
        port = parts.port
    except ValueError:
        port = None
    shown_port = "" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    backwards = host if _is_number(host) else ",".join(reversed(_ascii_host(host).split(".")))
    path = _SESSION.sub(b"", _unquoted(parts.path)).lower()
    path = b"/" + b"/".join(_steps(path))
    parameters = [part.split(b"=", 1) for part in _unquoted(parts.query).lower().split(b"&")]
    query = _quoted(b"&".join(b"=".join(pair) for pair in sorted(parameters)))
    return f"{backwards}{shown_port}){_quoted(path)}{'?' if query else ''}{query}".lower()


def _is_number(host: str) -> bool:
    return bool(re.fullmatch(r"[0-9.]+|.*:.*", host))


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _steps(path: bytes) -> list[bytes]:
    """Return the parts of a path without empty ones, ``.`` and ``..``."""
    kept: list[bytes] = []
    for step in path.split(b"/"):
        if step == b"..":
            del kept[-1:]
        elif step not in (b"", b"."):
            kept.append(step)
    return kept


def _unquoted(text: str) -> bytes:
    found = text.encode("utf-8", "surrogatepass")
    while (bare := unquote_to_bytes(found)) != found:
        found = bare
    return found


def _quoted(text: bytes) -> str:
    return quote_from_bytes(text, safe=_SAFE)


def index_blocks(entries: Iterable[Indexed]) -> Iterator[tuple[str, bytes]]:
    """Yield the sorted lines in packed blocks, each with the key and the time of its first line."""
    lines = iter(sorted(entry.line() for entry in entries))
    while some := list(islice(lines, _LINES_OF_A_BLOCK)):
        packer = zlib.compressobj(wbits=_GZIP)
        yield some[0].partition(" {")[0], packer.compress("".join(some).encode()) + packer.flush()


def second_index(blocks: Sequence[tuple[str, bytes]], name: str) -> bytes:
    """Return the index of the blocks (ZipNum): the first key of each, and where it stands."""
    lines = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"]
    offset = 0
    for first, block in blocks:
        lines.append(f"{first} {json.dumps({'offset': offset, 'length': len(block)})}\n")
        offset += len(block)
    return "".join(lines).encode()
