"""Starts our commands as forks of a process that has imported their libraries already.

To import Scrapy, SQLAlchemy and the models takes longer than most crawls of the tests. A
fork is a process of its own all the same, with its own folder, environment, outputs,
signals and memory, from a process in which nothing has run yet. It is forked twice, so that
the tests become its parent (prctl(2), PR_SET_CHILD_SUBREAPER), wait for it and take it along
when they are killed. What depends on the start itself (limits, an installed wheel, another
PYTHONPATH) starts Python afresh.
"""

from __future__ import annotations

import array
import ctypes
import functools
import gc
import importlib
import json
import os
import resource
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.processes import ROOT, start_lasting, tie

_PR_SET_CHILD_SUBREAPER = 36
# Variables that are read when Python or a library starts.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "OPENSSL", "TLDEXTRACT")
# None of them reads a setting or looks into the working directory when it is imported.
_LIBRARIES = (
    *("alembic.command", "alembic.context", "alembic.op", "mako.ext.pygmentplugin"),
    *("scrapy.cmdline", "scrapy.contracts", "scrapy.core.downloader.handlers.http11"),
    *(
        "scrapy.downloadermiddlewares.cookies",
        "scrapy.downloadermiddlewares.httpcache",
        "scrapy.extensions.telnet",
    ),
    *("scrapy.dupefilters", "scrapy.extensions.feedexport", "scrapy.pqueues", "scrapy.utils.test"),
    *("scrapy.exporters", "scrapy.extensions.remote_control", "scrapy.shell", "scrapy.squeues"),
    *("rich.progress", "tldextract", "twisted.web.client", "itemadapter"),
    *("spiders.loader", "spiders.components.gate_middleware", "spiders.components.gate_resolver"),
    *("spiders.components.capture_middleware", "spiders.components.feed_extension"),
    *("spiders.components.robots_middleware", "spiders.components.unpack_middleware"),
    *(
        "unioncrawl.archive.care.takedown",
        "unioncrawl.archive.crawl_state.vanished",
        "unioncrawl.archive.imports",
    ),
    *("unioncrawl.archive.store", "unioncrawl.archive.verify", "unioncrawl.extract"),
    *("typer.core", "typer.main", "unioncrawl.commands._console"),
    *("unioncrawl.archive.captures.warc_reader", "unioncrawl.line", "unioncrawl.validate"),
    # What the library loads when it is first used.
    *("pydantic.type_adapter", "typer._adapters", "sqlalchemy.dialects.postgresql"),
    *("unioncrawl.archive.migrations.migrate", "unioncrawl.archive.opening.open_to_read"),
    *("unioncrawl.archive.rederive", "unioncrawl.archive.search.answer"),
    *("unioncrawl.archive.verify.check_archive", "unioncrawl.extract.assemble", "unioncrawl.normalize"),
    *("unioncrawl.repair.article", "unioncrawl.repair.mirror.runs.run_decoder"),
)
_REQUEST_BYTES = 1 << 20
_FORK_SECONDS = 0.001


class Limit(NamedTuple):
    """A limit of a process (setrlimit(2))."""

    resource: int
    soft: int
    hard: int


def start_module(
    command: Sequence[str],
    environment: Mapping[str, str],
    limit: Limit | None = None,
    **options: Any,
) -> subprocess.Popen[Any]:
    """Start ``python -m …``: forked, unless its memory is limited or what a start reads is not ours."""
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    is_forked = sys.platform == "linux" and _at_start(environment) == _at_start(own)
    if is_forked and (limit is None or limit.resource != resource.RLIMIT_AS):
        return _Fork(list(command), env=dict(environment), limit=limit, **options)
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env=environment,
        preexec_fn=functools.partial(_limited, os.getpid(), limit),  # noqa: PLW1509 - the child alone
        **options,
    )


def run_module(
    command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m …`` to its end, in the environment of the tests if no other is given."""
    given = {**os.environ, "PYTHONPATH": str(ROOT)} if environment is None else environment
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = start_module(command, given, cwd=cwd, encoding="utf-8", **pipes)
    out, err = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _limited(session: int, limit: Sequence[int] | None) -> None:
    tie(session, signal.SIGKILL)
    if limit is not None:
        kind, *most = limit
        resource.setrlimit(kind, (most[0], most[1]))


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if value and name.startswith(_READ_AT_START)}


class _Fork(subprocess.Popen[Any]):
    """A process like any other, but for the way it begins."""

    def __init__(self, args: list[str], *, limit: Limit | None, **options: Any) -> None:
        self._limit = limit
        super().__init__(args, **options)

    def _execute_child(self, args: list[str], *given: Any) -> None:
        """Take the place of `Popen`'s own; the order of ``given`` is that of CPython 3.11 to 3.14."""
        folder, environment, ends = given[4], given[5], given[9:15]
        request = json.dumps([args, os.fspath(folder or Path.cwd()), environment, self._limit]).encode()
        outputs = [place if end == -1 else end for place, end in enumerate((ends[0], ends[3], ends[5]))]
        try:
            self.pid = _parent().ask(request, outputs)
            self._child_created = True
        finally:
            self._close_pipe_fds(*ends)  # type: ignore[attr-defined]


class _Parent:
    """The process that is forked; it ends with the tests, which hold the other end of its socket."""

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = start_lasting(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno()), str(os.getpid())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        theirs.close()

    def ask(self, request: bytes, outputs: Sequence[int]) -> int:
        """Let it fork; the number of the fork, which is our child by now."""
        socket.send_fds(self._socket, [request], list(outputs))
        answer = self._socket.recv(_REQUEST_BYTES)
        if not answer:
            raise AssertionError("the process that is forked has ended")
        return int(answer)


@functools.cache
def _parent() -> _Parent:
    return _Parent()


def _serve(place: int, session: int) -> list[str]:
    """Fork at each request until the tests are gone; in the fork, the command that it is to run."""
    asked = socket.socket(fileno=place)
    while True:
        request, outputs, _, _ = socket.recv_fds(asked, _REQUEST_BYTES, 3)
        if not request:
            sys.exit(0)
        between = os.fork()
        if between:
            os.waitpid(between, 0)
            for output in outputs:
                os.close(output)
        elif os.fork():
            os._exit(0)
        else:
            return _begin(asked, session, request, outputs)


def _begin(
    asked: socket.socket, session: int, request: bytes, outputs: array.array[int] | list[int]
) -> list[str]:
    command, folder, environment, limit = json.loads(request)
    while os.getppid() != session:
        time.sleep(_FORK_SECONDS)
    _limited(session, limit)
    for wanted, output in enumerate(outputs):
        os.dup2(output, wanted)
        os.close(output)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.path[0] = folder
    asked.send(str(os.getpid()).encode())
    asked.close()
    return list(command)


if __name__ == "__main__":
    tie(int(sys.argv[2]), signal.SIGKILL)
    for name in _LIBRARIES:
        importlib.import_module(name)
    if "unioncrawl.settings" in sys.modules:
        sys.exit("unioncrawl.settings holds the environment of its import, and would be every fork's")
    gc.freeze()
    sys.argv = _serve(*map(int, sys.argv[1:]))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
