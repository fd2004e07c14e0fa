"""Read captures back from WARC files: one by its place, or all of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import error as zlib_error

from fastwarc.stream_io import GZipStream
from fastwarc.warc import ArchiveIterator, WarcRecordType

from unioncrawl.errors import ArchiveError
from unioncrawl.model import RawPage
