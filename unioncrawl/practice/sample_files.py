"""Small real files for the links of the stories: pictures and documents."""

from __future__ import annotations

import struct
import zlib

from unioncrawl.practice.listener import Response

_WIDTH, _HEIGHT = 48, 32


def upload_response(path: str) -> Response | None:
    """The file at ``/uploads/…`` or ``/UploadFile/…``; ``None`` for any other path."""
    if not path.startswith(("/uploads/", "/UploadFile/", "/d/file/", "/uploadfile/")):
        return None
    if path.endswith(".png"):
        return Response(body=_png(zlib.crc32(path.encode())), headers=(("Content-Type", "image/png"),))
    if path.endswith(".pdf"):
        return Response(body=_pdf(), headers=(("Content-Type", "application/pdf"),))
    return None


def _png(seed: int) -> bytes:
    """A plain picture, its colour taken from ``seed``."""
    pixel = struct.pack(">I", seed)[1:]
    rows = (b"\x00" + pixel * _WIDTH) * _HEIGHT
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pdf() -> bytes:
    """Return one empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 4\n" + table + tail
