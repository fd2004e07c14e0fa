"""Every bound on what a stranger's page, answer or file may cost: one table.

A bound keeps memory, time and disk flat whatever arrives. Reaching one is never
silent: ``reached`` says what is reported, ``remedy`` what to do. Those that are
`Bound.is_setting` follow an environment variable of their name, and in a crawl
``-s NAME=…``. `docs/bounds.md` holds the same table.
"""

from __future__ import annotations

import os
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
    remedy: str = "Look at the capture: no page of news needs more."
    is_setting: bool = False

    def now(self) -> int:
        """The bound in force: the environment's, where it may be set there, else the default.

        Raises `ArgumentInvalid` for a value that is no whole number above 0.
        """
        given = os.environ.get(self.name, "") if self.is_setting else ""
        return self.read(given) if given else self.default

    def read(self, given: object) -> int:
        """A value that was given for it as a number.

        >>> BODY_BYTES.read("1000")
        1000

        Raises `ArgumentInvalid` for a value that is no whole number above 0.
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
    what="bytes of a response, a captured record or a record of an import, packed or unpacked",
    reached="crawl: rejection `too-large` or `unpacks-too-large`, the packed bytes are kept as a capture;"
    " import: the record is reported, the others are taken",
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
