"""No secret gets out: not by an error of a library, an answer of a server, a log, or the archive."""

from __future__ import annotations

import base64
import http.client
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.service.channels.robots import Robot, running_robots
from unioncrawl.errors import ChannelInvalid
from unioncrawl.service.channels.channel_file import Channel, load_channels
from unioncrawl.service.channels.message import Item, Message
from unioncrawl.service.channels.secrets import NotSent, Redactor, read_secret
from unioncrawl.service.channels.send import send

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
SECRET = "693a91f6-7d0c+4bc4/97a0=Zq"  # noqa: S105 - of a robot that does not exist
ADDRESS = f"http://127.0.0.1:{{port}}/hook/T0KEN-{SECRET[:8]}/send?access_token={SECRET}"
MESSAGE = Message(message_id="1" * 20, heading="工会监测", items=(Item("1" * 20, "题"),))


def channel(kind: str = "wecom", **given: object) -> Channel:
    """A channel of loopback."""
    return Channel(name="群", type=kind, **{"allow_private": True, **given})  # type: ignore[arg-type]


@contextmanager
def server_of(answer: bytes) -> Iterator[int]:
    """A port that answers each connection with some bytes, whatever it is asked, and ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    opened, _ = listener.accept()
                except OSError:
                    return
                with opened:
                    opened.settimeout(1)
                    opened.recv(65_536)
                    opened.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        # On Linux a listener that is closed does not wake who waits for it.
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def hidden(text: str) -> bool:
    """Whether a text has no form of the secret."""
    encoded = base64.b64encode(SECRET.encode()).decode()[:20]
    return not any(form in text for form in (SECRET, SECRET[:8], SECRET[9:20], "7d0c%2B4bc4", encoded))


ECHO = f"no robot {SECRET} / 693a91f6-7d0c%2B4bc4%2F97a0%3DZq at /hook/T0KEN-{SECRET[:8]}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense " + SECRET.encode(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
        b"HTTP/1.1 302 Found\r\nLocation: /x?" + SECRET.encode() + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: " + SECRET.encode() + b"\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"errcode":93000,"errmsg":"' + ECHO.encode() + b'"}',
        b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"errcode":"' + ECHO.encode() + b'"}',
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    ],
    ids=["nothing", "no HTTP", "cut short", "redirect", "type", "echo", "echo in the code", "many headers"],
)
def test_an_answer_brings_no_secret_back(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """A server that echoes the key, and each error of the HTTP library, leave none in outcome and log."""
    caplog.set_level(logging.DEBUG)
    with server_of(answer) as port:
        outcome = send(channel(address=ADDRESS.format(port=port)), MESSAGE, NOW)
    assert outcome.fault
    assert hidden(str(outcome)), outcome
    assert hidden(caplog.text)


@pytest.mark.parametrize(
    "address",
    [
        f"http://127.0.0.1:1/send?key={SECRET}",
        f"https://127.0.0.1:1/send?key={SECRET}",
        f"http://{SECRET}@127.0.0.1/",
        f"http://127.0.0.1:99999/send?key={SECRET}",
        f"http://127.0.0.1/send\x7f?key={SECRET}",
        f"not an address {SECRET}",
        f"https://{SECRET[:8]}.invalid/send?key={SECRET}",
    ],
)
def test_a_wrong_address_is_not_printed(address: str) -> None:
    """The refusal names what is wrong without the rest."""
    outcome = send(channel(address=address), MESSAGE, NOW)
    assert outcome.fault in {"address", "no-answer"}
    assert SECRET not in str(outcome)


def test_an_error_that_nobody_foresaw_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's exception with the whole address in it becomes an outcome without."""
    address = ADDRESS.format(port=9)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"url={address!r} failed")

    monkeypatch.setattr(http.client.HTTPConnection, "request", fail)
    with server_of(b"") as port:
        outcome = send(channel(address=address.replace(":9/", f":{port}/")), MESSAGE, NOW)
    assert outcome.fault == "unknown"
    assert "RuntimeError" in outcome.detail
    assert hidden(outcome.detail)


def test_all_forms_of_a_secret_are_found() -> None:
    """As it is, encoded for an address, in base64 alone or within a login."""
    redactor = Redactor([f"https://robot.example/hook/{SECRET}", "pässwörd-lang", "\0union\0pässwörd-lang"])
    login = base64.b64encode("\0union\0pässwörd-lang".encode()).decode()
    for text in (
        SECRET,
        "693a91f6-7d0c%2B4bc4%2F97a0%3DZq",
        "pässwörd-lang",
        "p%C3%A4ssw%C3%B6rd-lang",
        login,
    ):
        redacted = redactor.redact(f"<{text}>")
        assert redacted.replace("/", "%2F").replace("%2F", "").replace("[…]", "") == "<>"
    assert (
        redactor.redact("robot.example answered: hook not found") == "robot.example answered: hook not found"
    )
    assert redactor.redact("a\r\nb\x1b[2J" + "长" * 400).endswith("长…")


def test_secrets_are_read_from_variables_and_closed_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that others may read is refused, as is what is absent; the message has the name alone."""
    monkeypatch.setenv("UNION_ROBOT", f" {SECRET}\n")
    assert read_secret("env:UNION_ROBOT", tmp_path) == SECRET
    kept = tmp_path / "robot"
    kept.write_text(f"\ufeff{SECRET}\n", encoding="utf-8")
    kept.chmod(0o600)
    assert read_secret("file:robot", tmp_path) == SECRET
    kept.chmod(0o640)
    for setting in ("file:robot", "file:absent", "env:UNION_NOT_THERE"):
        with pytest.raises(NotSent) as raised:
            read_secret(setting, tmp_path)
        assert raised.value.outcome.fault == "secret-missing"
        assert SECRET not in raised.value.outcome.detail


_ENTRY = f'[[channels]]\nname = "群"\ntype = "企业微信"\naddress = "https://a.cn/send?key={SECRET}"\n'


def test_a_file_that_others_read_is_warned_of(tmp_path: Path) -> None:
    """Only where a secret itself stands in it."""
    file = tmp_path / "channels.toml"
    file.write_text(_ENTRY, encoding="utf-8")
    file.chmod(0o644)
    (warning,) = load_channels(file).warnings
    assert "chmod 600" in warning
    assert SECRET not in warning
    file.chmod(0o600)
    assert load_channels(file).warnings == ()
    file.write_text('[[channels]]\nname = "群"\ntype = "飞书"\naddress = "env:X"\n', encoding="utf-8")
    file.chmod(0o644)
    assert load_channels(file).warnings == ()
    assert load_channels(file).named("群").type == "feishu"


@pytest.mark.parametrize(
    "written",
    [
        _ENTRY + f'secrt = "{SECRET}"\n',
        _ENTRY.replace("企业微信", SECRET),
        _ENTRY + 'format = "html"\n',
        _ENTRY + "allow_private = 1\n",
        _ENTRY.replace('address = "', 'address = "\\n'),
        _ENTRY.replace("企业微信", "mail") + 'sender = "a@b.cn"\nto = ["x@y.cn\\nBcc: z@y.cn"]\n',
        _ENTRY.replace("企业微信", "mail") + 'sender = "a@b.cn"\n',
    ],
)
def test_a_wrong_entry_is_named_without_what_stands_in_it(tmp_path: Path, written: str) -> None:
    """It is a fault of its channel; the others of the file work."""
    file = tmp_path / "channels.toml"
    file.write_text(written + _ENTRY.replace("群", "另一群"), encoding="utf-8")
    channels = load_channels(file)
    assert list(channels.by_name) == ["另一群"]
    with pytest.raises(ChannelInvalid) as raised:
        channels.named("群")
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("written", [f'[[channels]]\nname = "{SECRET}', "channels = 1", "x = 2", "\xff"])
def test_a_file_that_is_no_toml_is_not_quoted(tmp_path: Path, written: str) -> None:
    """The parser's own message may hold a secret."""
    file = tmp_path / "channels.toml"
    file.write_bytes(written.encode("latin-1"))
    with pytest.raises(ChannelInvalid) as raised:
        load_channels(file)
    assert SECRET not in str(raised.value)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is looked at and private a moment later leads nowhere private."""
    asked = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        ip = "127.0.0.1" if len(asked) > 1 else "203.0.113.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with running_robots(group=Robot("json")) as server:
        address = server.address("group").replace("http://127.0.0.1", "https://rebound.example")
        outcome = send(channel("json", address=address, allow_private=False), MESSAGE, NOW)
    assert outcome.fault == "address"
    assert asked == ["rebound.example"]
    assert server.robots["group"].asked == 0


def test_a_port_without_tls_gets_no_byte_of_the_message() -> None:
    """An address of https is never asked without it."""
    with running_robots(group=Robot("json")) as server:
        address = server.address("group").replace("http:", "https:")
        assert send(channel("json", address=address), MESSAGE, NOW).fault == "no-answer"
        assert server.robots["group"].asked == 0


def test_a_server_that_sends_a_byte_now_and_then_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a message has one bound of time, whatever comes in between."""
    monkeypatch.setattr("unioncrawl.service.channels.checked_address.MESSAGE_SECONDS", 0.3)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            opened, _ = listener.accept()
            with opened:
                opened.recv(65_536)
                opened.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        opened.sendall(b"X-Drip: 1\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        outcome = send(channel("json", address=address), MESSAGE, NOW)
        stop.set()
        thread.join()
    assert outcome.fault == "no-answer"
