"""Thousands of hosts in one process: ``unioncrawl crawl --due`` over as many invented sites, measured.

Usage: python -m bench.many_hosts [--sites 2800] [--pages 3] [--delay 2] [--at-once 256]

Each site is an address of its own of the loopback net (127.16.0.1 and so on), so that each has its
own slot, name, robots.txt and pace; one process serves them all, and its time is not counted. What
is reported of the crawl: the most open files, threads, downloader slots and sites alive at once, the
peak of memory (VmHWM), CPU time, requests a second, and the shortest pause between two requests to
a host. A goal that is missed makes the exit code 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from bench.material.prose import Prose

ROOT = Path(__file__).resolve().parent.parent
GOAL_MEGABYTES = 1_500
SAMPLES = "UNIONCRAWL_BENCH_SAMPLES"
_TEXTS = 400
_MENU = "".join(f'<li><a href="/lm/{number}/">栏目{number}</a></li>' for number in range(60))
_PAGE = (
    '<html><head><meta charset="utf-8"><title>{title}-{name}</title></head><body><div class="menu"><ul>'
    + _MENU
    + '</ul></div><div class="main">{main}</div><div class="foot">{name} 版权所有</div></body></html>'
)


def host_of(number: int) -> str:
    """The address of a site, each number another one of 127.16.0.0/12.

    >>> host_of(0), host_of(300)
    ('127.16.0.1', '127.16.1.51')
    """
    block, last = divmod(number, 250)
    return f"127.{16 + block // 250}.{block % 250}.{last + 1}"


def site_file(number: int, port: int, delay: float) -> str:
    """The site file of a number."""
    host = f"{host_of(number)}:{port}"
    return (
        f'id = "many-{number:05}"\nname = "第{number}工会"\nlevel = "county"\nfamily = "generic"\n'
        f'hosts = ["{host}"]\nprivate_hosts = ["{host}"]\nscheme = "http"\n'
        f"article_url = '/xw/\\d+\\.html$'\n"
        f'columns = [{{ name = "新闻", url = "http://{host}/xw/" }}]\n'
        f"[politeness]\ndelay_seconds = {delay}\nautothrottle = true\n"
    )


@lru_cache(maxsize=_TEXTS)
def _text(number: int) -> tuple[str, str]:
    prose = Prose(Random(f"many {number}"))
    return prose.write("title"), "".join(f"<p>{line}</p>" for line in prose.story())


def page(host: str, path: str, pages: int) -> bytes | None:
    """What a site answers; None where it has nothing."""
    if path == "/robots.txt":
        return b"User-agent: *\nDisallow: /admin\n"
    first = sum(
        int(part) * weight for part, weight in zip(host.split(".")[1:], (62_500, 250, 1), strict=True)
    )
    if path == "/xw/":
        entries = "".join(
            f'<li><a href="/xw/{number}.html">{host}：{_text((first + number) % _TEXTS)[0]}</a>'
            f" 2026-11-{number % 28 + 1:02}</li>"
            for number in range(1, pages + 1)
        )
        return _PAGE.format(title="新闻", name=host, main=f'<ul class="list">{entries}</ul>').encode()
    number = int("".join(filter(str.isdigit, path)) or 0)
    if not 1 <= number <= pages:
        return None
    title, body = _text((first + number) % _TEXTS)
    day = f"2026-11-{number % 28 + 1:02} 09:{number % 60:02}"
    head = f"<h1>{host}：{title}</h1><p>发布时间：{day} 来源：{host}工会</p>"
    return _PAGE.format(title=title, name=host, main=head + body).encode()


@dataclass
class Served:
    """What was asked: how many requests, over which time, and how soon after each other of one host."""

    requests: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    shortest_pause: float = 1e9
    last_of: dict[str, float] = field(default_factory=dict)

    def note(self, host: str) -> None:
        """Count a request."""
        at = time.monotonic()
        self.requests += 1
        self.first_at = self.first_at or at
        self.last_at = at
        if host in self.last_of:
            self.shortest_pause = min(self.shortest_pause, at - self.last_of[host])
        self.last_of[host] = at


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pages: int, served: Served
) -> None:
    host = writer.get_extra_info("sockname")[0]
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            served.note(host)
            body = page(host, head.split(b" ", 2)[1].decode("latin-1"), pages)
            status, body = ("200 OK", body) if body is not None else ("404 Not Found", b"<p>404</p>")
            lines = (f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", "", "")
            writer.write("\r\n".join(lines).encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def serve(pages: int, pipe: Connection) -> None:
    """Serve every address of the loopback net; send the port, and at the end what was asked."""
    served = Served()

    async def run() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _answer(reader, writer, pages, served),
            "0.0.0.0",  # noqa: S104 - only the loopback net's addresses are asked
            0,
            backlog=4096,
        )
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        server.close()

    asyncio.run(run())
    pipe.send((served.requests, served.last_at - served.first_at, served.shortest_pause))


def child() -> None:
    """Be the crawl, with a thread that notes the most of everything that a site may have of its own."""
    from scrapy.core.downloader import Downloader  # noqa: PLC0415 - in the child alone

    alive: weakref.WeakSet[Any] = weakref.WeakSet()
    begin = Downloader.__init__

    def note(self: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 - Scrapy's own
        begin(self, *given, **named)
        alive.add(self)

    Downloader.__init__ = note  # type: ignore[method-assign]
    most = {"files": 0, "threads": 0, "slots": 0, "downloaders": 0}
    place = Path(os.environ[SAMPLES])

    def watch() -> None:
        while True:
            downloaders = list(alive)
            now = {
                "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - names alone
                "threads": threading.active_count(),
                "slots": sum(len(one.slots) for one in downloaders),
                "downloaders": len(downloaders),
            }
            # What this thread holds while it sleeps no collection would free.
            del downloaders
            most.update({name: max(number, most[name]) for name, number in now.items()})
            place.write_text(json.dumps(most), encoding="utf-8")
            time.sleep(0.5)

    threading.Thread(target=watch, daemon=True).start()
    sys.argv = ["unioncrawl", *sys.argv[2:]]
    runpy.run_module("unioncrawl", run_name="__main__")


def measure(sites: int, pages: int, delay: float, at_once: int) -> dict[str, float]:
    """Crawl all sites once, as due; return what it took."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(pages, theirs), daemon=True)
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "sites").mkdir()
        for number in range(sites):
            path = folder / "sites" / f"many-{number:05}.toml"
            path.write_text(site_file(number, port, delay), encoding="utf-8")
        names = [f"many-{number:05}" for number in range(sites)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "UNIONCRAWL_SITES_DIRS": str(folder / "sites"),
            "UNIONCRAWL_SITES_AT_ONCE": str(at_once),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
            "XDG_STATE_HOME": str(folder / "state"),
            SAMPLES: str(folder / "samples.json"),
        }
        command = [sys.executable, "-m", "bench.many_hosts", "child", "crawl", "--due", "--json", *names]
        start = time.monotonic()
        with (folder / "said.json").open("wb") as said, (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - start
        if process.returncode:
            print((folder / "log.txt").read_text(encoding="utf-8")[-2000:], file=sys.stderr)
        said_sites = json.loads((folder / "said.json").read_text(encoding="utf-8"))["sites"]
        samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    ours.send(None)
    requests, seconds, shortest = ours.recv()
    new = sum(site["new"] for site in said_sites)
    return {
        "exit code": process.returncode,
        "sites": len(said_sites),
        "articles": new,
        "articles missing": sites * pages - new,
        **{f"most {name}": number for name, number in samples.items()},
        "peak MB": round(usage.ru_maxrss / 1024, 1),
        "CPU s": round(usage.ru_utime + usage.ru_stime, 1),
        "ms CPU a request": round(1000 * (usage.ru_utime + usage.ru_stime) / max(1, requests), 2),
        "requests": requests,
        "requests a second": round(requests / max(seconds, 0.001), 1),
        "shortest pause s": round(shortest, 2),
        "seconds": round(took, 1),
    }


def main() -> None:
    """Measure and print; exit 1 when an article is missing or the goal of memory is missed."""
    if sys.argv[1:2] == ["child"]:
        child()
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sites", type=int, default=2800)
    parser.add_argument("--pages", type=int, default=3, help="articles of a site")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds between two requests to a host")
    parser.add_argument("--at-once", type=int, default=256)
    given = parser.parse_args()
    found = measure(given.sites, given.pages, given.delay, given.at_once)
    for name, number in found.items():
        print(f"{name:20}{number:>12,}")
    if found["articles missing"] or found["peak MB"] > GOAL_MEGABYTES:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
