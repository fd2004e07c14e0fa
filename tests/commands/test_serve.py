from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.older_schemas import bring_back_to
from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.commands import serve
from unioncrawl.errors import AddressRefused, ArchiveError, ArchiveNotFound, PortTaken

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there


def _refusal(address: str, *options: str) -> BaseException:
    error = run(address, "serve", *options, expected=1).exception
    assert error is not None
    return error


def test_it_answers_until_it_is_told_to_end(address: str) -> None:
    """The printed address answers, and Ctrl-C ends the reader with exit 0."""
    command = [sys.executable, "-m", "unioncrawl", "serve", "--port", "0", "--archive", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/ until", said)
        assert found, said
        with socket.create_connection(("127.0.0.1", int(found[1])), timeout=60) as visitor:
            visitor.sendall(b"GET /?q=1 HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert visitor.recv(100).startswith(b"HTTP/1.1 200")
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert "reader stopped." in rest


def test_what_cannot_be_served_says_what_to_do(address: str, tmp_path: Path) -> None:
    """No archive, an older one, a taken port, a foreign address, a weak token: each error has a next step."""
    assert isinstance(_refusal(archive_at(tmp_path / "none.db")), ArchiveNotFound)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        error = _refusal(address, "--port", str(taken.getsockname()[1]))
        assert isinstance(error, PortTaken)
        assert "--port" in error.next_step
    for options in (["--host", "203.0.113.7"], ["--host", "no such host"], ["--token", "short"]):
        assert isinstance(_refusal(address, "--port", "0", *options), AddressRefused)
    with Archive.open(address) as archive, archive.engine.begin() as connection:
        bring_back_to(connection, "0005")
    error = _refusal(address)
    assert isinstance(error, ArchiveError)
    assert "unioncrawl vacuum" in error.next_step


@pytest.mark.parametrize(
    "options",
    [
        ["--root-path", "archive"],
        ["--root-path", "//x"],
        ["--trust-proxy", "x"],
        ["--cors", "*"],
        ["--cors", "https://news.example/"],
    ],
)
def test_wrong_options_are_refused(address: str, options: list[str]) -> None:
    """A path of another form, a proxy that is no address, an origin that is none end the call with 2."""
    run(address, "serve", *options, expected=2)


def test_beyond_this_machine_a_token_is_made_up() -> None:
    """On loopback nobody shows a token; elsewhere one that was given, or a new one."""
    assert [serve._token(host, "", None) for host in ("127.0.0.1", "::1", "localhost")] == ["", "", ""]
    made = {serve._token(host, "", None) for host in (EVERYWHERE, "::", "192.168.1.7", "news.example")}
    assert len(made) == 4
    assert min(map(len, made)) >= 32
    assert serve._token(EVERYWHERE, "x" * 16, None) == serve._token("127.0.0.1", "x" * 16, None) == "x" * 16
