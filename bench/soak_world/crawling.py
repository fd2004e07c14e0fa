"""Runs ``unioncrawl`` in a child process that believes the simulated time and finds the world's hosts.

The child is forked from the bench, which has imported the libraries already: a year has hundreds of
runs, and importing would cost more than crawling. In the child the clock of Python is set (time-machine
changes `time` and `datetime` in C and lets them go on; the monotonic clock, by which Twisted, asyncio
and AutoThrottle wait, stays). SQLite is never asked for the time, and OpenSSL keeps the real one: a
certificate of the world that has run out has done so by both clocks.
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
import time
import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import time_machine

if TYPE_CHECKING:
    from scrapy import Request

_LIBRARIES = (
    *("unioncrawl.cli", "unioncrawl.settings", "unioncrawl.commands.crawl", "unioncrawl.commands.sites"),
    *("scrapy.crawler", "scrapy.core.downloader.handlers.http11", "scrapy.extensions.feedexport"),
    *("spiders.loader", "spiders.families.generic", "spiders.components.gate_resolver"),
    *("spiders.components.capture_middleware", "pipelines.archive", "pipelines.repair"),
    *("unioncrawl.archive.store", "unioncrawl.extract", "unioncrawl.line", "unioncrawl.validate"),
    *("alembic.command", "twisted.web.client", "rich.progress", "tldextract"),
    *("unioncrawl.service.watches.after_crawl", "unioncrawl.commands._drawing", "unioncrawl.model.article"),
)
# Whatever waits by the monotonic clock costs real time.
_SETTINGS = {
    "DOWNLOAD_TIMEOUT": 90,
    "RETRY_TIMES": 1,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "UNIONCRAWL_PATIENCE_SECONDS": 0.01,
    "USER_AGENT": "unioncrawl-soak (+http://clock.invalid/)",
    "TWISTED_DNS_RESOLVER": f"{__name__}.PlainResolver",
}
# After so long a host that hangs is given up; another one may be slow, because the machine is.
_HANG_SECONDS = 1.0
_LOOK_SECONDS = 0.05
DOMAIN = ".example"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, CPU seconds, peak memory and most open files."""

    code: int
    cpu_seconds: float
    peak_megabytes: float
    open_files: int


@dataclass(frozen=True, slots=True)
class DeadHosts:
    """The hosts whose names lead nowhere, and those that hang."""

    unresolved: Collection[str] = ()
    hanging: Collection[str] = ()


def import_libraries() -> None:
    """Import what commands need, so that a fork has it."""
    # Twisted keeps the function that it finds when it is imported.
    socket.getaddrinfo = _names  # type: ignore[assignment]
    for name in _LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def run(arguments: Sequence[str], folder: Path, at: datetime, port: int, dead: DeadHosts) -> Ended:
    """Run ``unioncrawl`` with these arguments at a time, in a folder; what it prints goes into its files."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = _command(arguments, folder, at, port, dead)
        except SystemExit as given:
            code = given.code if isinstance(given.code, int) else 1
        except BaseException:  # noqa: BLE001 - the child must end here, whatever happens
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    most = 0
    while not (ended := os.wait4(child, os.WNOHANG))[0]:
        most = max(most, _open_files(child))
        time.sleep(_LOOK_SECONDS)
    _, status, usage = ended
    seconds = usage.ru_utime + usage.ru_stime
    return Ended(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss / 1024, most)


def _command(arguments: Sequence[str], folder: Path, at: datetime, port: int, dead: DeadHosts) -> int:
    os.chdir(folder)
    for name, number in (("output.txt", 1), ("errors.txt", 2)):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    os.environ["UNIONCRAWL_SITES_DIRS"] = str(folder / "sites")
    _names.port, _names.dead = port, dead
    # Names of the world lead to the loopback, as those of real sites to public addresses.
    kinds = vars(importlib.import_module("unioncrawl.guard.ip_kinds"))
    kinds["_V4"] = tuple(entry for entry in kinds["_V4"] if entry[1] != "loopback")
    settings = vars(importlib.import_module("unioncrawl.settings"))
    settings.update(_SETTINGS)
    settings["DOWNLOADER_MIDDLEWARES"] = {
        **settings["DOWNLOADER_MIDDLEWARES"],
        f"{__name__}.ImpatientMiddleware": 340,
    }
    from unioncrawl.cli import main  # noqa: PLC0415 - it reads the environment

    sys.argv = ["unioncrawl", *arguments]
    with time_machine.travel(at, tick=True):
        main()
    return 0


class _Names:
    """Resolves the names of the world to its listener; those that lead nowhere fail, others are asked for."""

    def __init__(self) -> None:
        self.port = 0
        self.dead = DeadHosts()
        self._resolve = socket.getaddrinfo

    def __call__(self, host: Any, service: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as the original
        name = host.decode() if isinstance(host, bytes) else host
        if not isinstance(name, str) or not name.endswith(DOMAIN):
            return self._resolve(host, service, *rest, **named)
        if name in self.dead.unresolved:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._resolve("127.0.0.1", self.port, *rest, **named)


_names = _Names()


class ImpatientMiddleware:
    """Gives up soon on hosts that hang."""

    def process_request(self, request: Request) -> None:
        """Set the time that a request may take, before Scrapy's own middleware does."""
        if urlsplit(request.url).hostname in _names.dead.hanging:
            request.meta["download_timeout"] = _HANG_SECONDS


class PlainResolver:
    """Leaves Twisted's own resolver in place: it asks getaddrinfo each time, and takes its ports too."""

    @classmethod
    def from_crawler(cls, crawler: object, reactor: object) -> PlainResolver:
        """Make it, as Scrapy does."""
        del crawler, reactor
        return cls()

    def install_on_reactor(self) -> None:
        """Change nothing."""


def _open_files(process: int) -> int:
    """Return how many files a process has open; 0 for one that has just ended."""
    try:
        return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return 0
