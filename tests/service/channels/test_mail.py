"""Mail goes out encrypted, by a login, with a stable Message-ID and no header from a title."""

from __future__ import annotations

import email
import email.policy
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.service.channels.mail_server import MailServer, own_certificate, running_mail_server
from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.message import Item, Message
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.send import send

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
PASSWORD = "passwort-long"  # noqa: S105 - of a server on loopback
LOGIN = f"\0union\0{PASSWORD}"


class Certificate(NamedTuple):
    """A server's context, and the file to trust it by."""

    context: ssl.SSLContext
    file: Path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for loopback."""
    return Certificate(*own_certificate(tmp_path_factory.mktemp("tls")))


@pytest.fixture
def trusting(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """The certificate, trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    return certificate


def channel(mail: MailServer, **given: object) -> Channel:
    """A channel to a server on loopback."""
    settings = {
        "address": f"127.0.0.1:{mail.port}", "user": "union", "password": PASSWORD,
        "sender": "union@example.cn",
        "to": ("desk@example.cn", "chief@example.cn"), "allow_private": True, **given,
    }  # fmt: skip
    return Channel(name="邮箱", type="mail", **settings)  # type: ignore[arg-type]


def message(*titles: str) -> Message:
    """A message of some events."""
    items = tuple(
        Item(f"{number:020x}", title, ("市总工会  2026-11-30",), "http://a.cn/工会.html")
        for number, title in enumerate(titles)
    )
    return Message(message_id="5e" * 10, heading=f"工会新闻监测：{len(titles)} 条", items=items)


def test_a_mail_is_encrypted_and_whole(trusting: Certificate) -> None:
    """Subject and text in UTF-8, both recipients, the message's id, the addresses of articles."""
    with running_mail_server(MailServer(tls=trusting.context, login=LOGIN)) as mail:
        assert send(channel(mail), message("总工会送清凉"), NOW) == Outcome()
    (taken,) = mail.taken
    read = email.message_from_string(taken, policy=email.policy.default)
    assert read["Subject"] == "工会新闻监测：1 条：总工会送清凉"
    assert taken.isascii()
    assert read["Message-ID"] == f"<{'5e' * 10}@example.cn>"
    assert read["To"] == "desk@example.cn, chief@example.cn"
    assert read["Date"].datetime == NOW
    text = read.get_content()
    assert "http://a.cn/%E5%B7%A5%E4%BC%9A.html" in text
    assert "编号 " + "0" * 20 in text
    # Nothing but greetings went before STARTTLS.
    assert [line.split()[0] for line in mail.commands[:2]] == ["ehlo", "STARTTLS"]


def test_a_title_makes_no_header(trusting: Certificate) -> None:
    """Line ends in a title end up in the text of the subject."""
    with running_mail_server(MailServer(tls=trusting.context, login=LOGIN)) as mail:
        assert (
            send(channel(mail), message("题\r\nBcc: all@evil.cn\r\n\r\n正文\u2028尾" + "长" * 500), NOW)
            == Outcome()
        )
    (taken,) = mail.taken
    read = email.message_from_string(taken, policy=email.policy.default)
    assert read["Bcc"] is None
    assert "Bcc: all@evil.cn" in read["Subject"]
    assert len(read["Subject"].encode()) <= 240
    assert [line for line in mail.commands if "evil" in line] == []


def test_a_server_without_encryption_gets_no_login(trusting: Certificate) -> None:
    """A line that takes STARTTLS out of the server's offers gains nothing."""
    with running_mail_server(MailServer(tls=trusting.context, offers_tls=False, login=LOGIN)) as mail:
        assert send(channel(mail), message("题"), NOW).fault == "no-tls"
    assert [line for line in mail.commands if "AUTH" in line.upper()] == []


def test_a_certificate_that_is_not_trusted_ends_it(certificate: Certificate) -> None:
    """Neither login nor text go to a server that cannot prove its name."""
    with running_mail_server(MailServer(tls=certificate.context, login=LOGIN)) as mail:
        outcome = send(channel(mail), message("题"), NOW)
    assert outcome.fault == "certificate"
    assert [line for line in mail.commands if "AUTH" in line.upper()] == []


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"CONNECT": "421 too many connections"}, "busy"),
        ({"CONNECT": "554 no service here"}, "busy"),
        ({"AUTH": "535 authentication failed"}, "login"),
        ({"AUTH": "454 temporary failure"}, "busy"),
        ({"MAIL": "550 sender not allowed"}, "recipient"),
        ({"MAIL": "451 try again"}, "busy"),
        ({"RCPT": "550 no such user"}, "recipient"),
        ({"RCPT": "450 greylisted"}, "busy"),
        ({"DATA": "554 spam"}, "unsuitable"),
        ({"DATA": "552 too large"}, "too-long"),
    ],
)
def test_each_refusal_of_a_mail_server_is_sorted(
    trusting: Certificate, answers: dict[str, str], fault: str
) -> None:
    """Codes of 400 and more pass by themselves, those of 500 and more are about something."""
    with running_mail_server(MailServer(tls=trusting.context, login=LOGIN, answers=answers)) as mail:
        outcome = send(channel(mail), message("题"), NOW)
    assert outcome.fault == fault
    assert outcome.detail[:3] == next(iter(answers.values()))[:3]


def test_a_server_that_repeats_the_login_gives_none_away(trusting: Certificate) -> None:
    """In base64 as it was sent, or in plain text."""
    with running_mail_server(MailServer(tls=trusting.context, login="\0other\0other")) as mail:
        outcome = send(channel(mail), message("题"), NOW)
    assert outcome.fault == "login"
    assert "passwort" not in outcome.detail
    assert not any(part in outcome.detail for part in ("dW5pb24AcGFzc3dvcnQ", "cGFzc3dvcnQ", "Bhc3N3b3J0"))


def test_plain_text_is_for_ones_own_network() -> None:
    """A channel without encryption is refused unless the channel allows private addresses."""
    with running_mail_server(MailServer(offers_tls=False)) as mail:
        plain = {"user": "", "password": "", "security": "none"}
        assert send(channel(mail, **plain), message("题"), NOW) == Outcome()
        assert send(channel(mail, allow_private=False, **plain), message("题"), NOW).fault == "address"
    assert len(mail.taken) == 1
