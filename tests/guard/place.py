"""A working directory with site files of its own, and our commands run in it as a user runs them."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.databases import ask_at, variables_at
from tests.warm import Limit, start_module

ROOT = Path(__file__).resolve().parent.parent.parent
# Far above what any of these runs takes: it ends a child that hangs, and no test measures it.
HANGS_AFTER_SECONDS = 600
_LOOK_SECONDS = 0.02
ARTICLE_URL = r"/\d{8}/[\w-]+\.html"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it said, its greatest memory."""

    code: int
    out: str
    err: str
    peak_bytes: int

    @property
    def said(self) -> str:
        """Both outputs, for a message."""
        return f"exit {self.code}\n{self.out[-3000:]}\n{self.err[-6000:]}"

    @property
    def has_traceback(self) -> bool:
        """Whether a user was shown a traceback."""
        return "Traceback (most recent call last)" in self.out + self.err


@dataclass
class Place:
    """A working directory; ``variables`` are added to the environment of each command."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def site(
        self, name: str, host: str, columns: list[str], *, family: str = "generic", more: str = ""
    ) -> None:
        """Write a site file: columns by address, no politeness."""
        (self.folder / "sites").mkdir(exist_ok=True)
        rows = ", ".join(f'{{ name = "栏目{n}", url = "{url}" }}' for n, url in enumerate(columns))
        pattern = "" if "article_url" in more else f"article_url = '{ARTICLE_URL}'\n"
        (self.folder / "sites" / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "某市总工会"\nlevel = "practice"\nfamily = "{family}"\n'
            f'hosts = ["{host}"]\nscheme = "http"\ncolumns = [{rows}]\n{pattern}{more}'
            "[politeness]\ndelay_seconds = 0\nconcurrent_requests = 8\nautothrottle = false\n",
            encoding="utf-8",
        )

    def run(self, *command: str, limit: Limit | None = None) -> Ended:
        """Run ``python -m …`` here to its end."""
        (self.folder / "sites").mkdir(exist_ok=True)
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
            "UNIONCRAWL_SITES_DIRS": str(self.folder / "sites"),
            "UNIONCRAWL_PATIENCE_SECONDS": "1",
            **variables_at(self.folder / "data" / "archive.db"),
            **self.variables,
        }
        with (
            (self.folder / "stdout").open("w+b") as out,
            (self.folder / "stderr").open("w+b") as err,
        ):
            self.process = start_module(command, variables, limit, cwd=self.folder, stdout=out, stderr=err)
            code, peak = _wait(self.process)
        return Ended(code, _text(self.folder / "stdout"), _text(self.folder / "stderr"), peak)

    def unioncrawl(self, *arguments: str, limit: Limit | None = None) -> Ended:
        """Run ``unioncrawl …`` here."""
        return self.run("unioncrawl", *arguments, limit=limit)

    def rows(self, query: str, *values: object, archive: str = "data/archive.db") -> list[tuple[Any, ...]]:
        """Ask the archive."""
        return ask_at(self.folder / archive, query, *values)

    def stored(self, site: str) -> list[str]:
        """The addresses of a site's articles in the archive, sorted."""
        found = self.rows(
            "select a.url from article a join site s on s.id = a.site_id where s.key = ? order by a.url", site
        )
        return [url for (url,) in found]

    def rejections(self, site: str) -> list[str]:
        """A site's rejections as lines: stage, reason, address, detail."""
        found = self.rows(
            "select r.stage, r.reason, r.url, r.detail from rejection r "
            "join site s on s.id = r.site_id where s.key = ?",
            site,
        )
        return [" ".join(map(str, row)) for row in found]

    def feed(self, site: str) -> list[dict[str, Any]]:
        """The lines of a site's feed; each must be whole JSON; empty where there is no feed."""
        return [json.loads(line) for line in self._feed_bytes(site).split(b"\n")[:-1]]

    def feed_is_whole(self, site: str) -> bool:
        """Whether the last line of a site's feed ends."""
        content = self._feed_bytes(site)
        return content.endswith(b"\n") or not content

    def _feed_bytes(self, site: str) -> bytes:
        path = self.folder / "data" / "feeds" / f"{site}.jsonl"
        return path.read_bytes() if path.exists() else b""

    def files_with(self, secret: bytes, folder: str = "data") -> list[str]:
        """The files below a folder that hold these bytes, packed or not."""
        files = [path for path in (self.folder / folder).rglob("*") if path.is_file()]
        return [str(path.relative_to(self.folder)) for path in files if secret in _unpacked(path)]


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    watch = threading.Timer(HANGS_AFTER_SECONDS, process.kill)
    watch.start()
    peak_bytes = 0
    try:
        while process.poll() is None:
            peak_bytes = max(peak_bytes, _peak_bytes(process.pid))
            time.sleep(_LOOK_SECONDS)
    finally:
        watch.cancel()
    return process.returncode, peak_bytes


def _peak_bytes(number: int) -> int:
    """The most memory that a process has had; what wait(2) says has that of the tests before the exec too."""
    try:
        lines = Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "backslashreplace")


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError):
        return content


def memory(most_bytes: int) -> Limit:
    """What limits a child's address space."""
    return Limit(resource.RLIMIT_AS, most_bytes, most_bytes)


def processor(most_seconds: int) -> Limit:
    """What limits a child's time on the processor, which a busy machine does not use up."""
    return Limit(resource.RLIMIT_CPU, most_seconds, most_seconds + 1)
