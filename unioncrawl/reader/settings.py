"""How a reader is set up: what it opens, where it listens, whom it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """The settings of one reader.

    ``captures``: the folder of the WARC files, ``None`` where it stands beside the archive;
    ``host``: the address that it listens at; ``names``: further host names that it answers to;
    ``token``: what a visitor has to show, empty where nobody has to; ``root_path``: the path of a
    reverse proxy before its own; ``proxies``: the addresses whose forwarded headers are believed;
    ``origins``: whose pages may read the API and the feeds; ``answer_seconds``: how long the
    database may take for a page; ``is_masked``: whether personal information is masked in all answers.
    """

    archive: str
    captures: Path | None = None
    host: str = LOOPBACK
    names: tuple[str, ...] = ()
    token: str = ""
    root_path: str = ""
    proxies: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    answer_seconds: float = 10.0
    is_masked: bool = False
