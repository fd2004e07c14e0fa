"""Mail by the operator's own server: encrypted, certificates checked, a Message-ID from the event."""

from __future__ import annotations

import smtplib
import socket
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from unioncrawl._layout import __version__
from unioncrawl.guard.web_address import read_host
from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.checked_address import CONNECT_SECONDS, connect, secured, time_bound, trust
from unioncrawl.service.channels.markup import link_address, one_line
from unioncrawl.service.channels.message import Item, Message, Shown, cut_bytes, fit
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.secrets import NotSent

MOST_BYTES = 100_000
_SUBJECT_BYTES = 240
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
# RFC 5321, 4.2.1: 4yz may be tried again, 5yz may not. 421, 450, 451, 452.
_LASTING, _READY = 500, 220
_TOO_LARGE = frozenset({523, 552})


def send_mail(channel: Channel, address: str, password: str, message: Message, at: datetime) -> Outcome:
    """Send a message by mail; raises `NotSent`."""
    named = read_host(address.removeprefix("smtp://").removeprefix("smtps://").rstrip("/"))
    if named is None:
        raise NotSent("address", "the mail server is written as host or host:port")
    if channel.security == "none" and not channel.allow_private:
        raise NotSent("address", 'security = "none" needs allow_private = true')
    written = make_mail(channel, message, at)
    opened = connect(named.host, named.port or _PORTS[channel.security], allow_private=channel.allow_private)
    try:
        with time_bound(opened):
            return _deliver(channel, named.host, opened, password, written)
    except smtplib.SMTPResponseException as error:
        return _refused("busy", error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent("no-answer", f"{named.host}: {type(error).__name__}") from None
    finally:
        opened.close()


def make_mail(channel: Channel, message: Message, at: datetime) -> EmailMessage:
    """Return the mail of a message; titles get into neither headers nor addresses but the subject."""
    mail = EmailMessage()
    first = f"：{message.items[0].title}" if message.count == 1 else ""
    mail["Subject"] = cut_bytes(one_line(f"{channel.keyword} {message.heading}{first}"), _SUBJECT_BYTES)
    mail["From"], mail["To"] = channel.sender, ", ".join(channel.to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.message_id}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Mailer"] = f"unioncrawl/{__version__}"
    # Servers without 8BITMIME, and lines of more than 998 bytes, need no other form.
    mail.set_content(fit(message, lambda shown: _text(message.heading, shown), MOST_BYTES), cte="base64")
    return mail


def _text(heading: str, shown: Shown) -> str:
    parts = [one_line(heading), *(_item(item, shown.language) for item in shown.items), shown.tail]
    return "\n\n".join(filter(None, parts)) + "\n"


def _item(item: Item, language: str) -> str:
    number = f"{'event' if language == 'en' else '编号'} {item.event_id}"
    lines = [one_line(item.title), *map(one_line, item.lines), link_address(item.url), number]
    return "\n".join(filter(None, lines))


class _Pinned(smtplib.SMTP):
    """Speaks over a connection that was made and looked at before."""

    def __init__(self, opened: socket.socket, host: str) -> None:
        self._opened = opened
        super().__init__(timeout=CONNECT_SECONDS)
        # The certificate of STARTTLS is checked for this name.
        self._host = host

    def _get_socket(self, *_: object) -> socket.socket:
        return self._opened


def _deliver(
    channel: Channel, host: str, opened: socket.socket, password: str, written: EmailMessage
) -> Outcome:
    opened.settimeout(CONNECT_SECONDS)
    server = _Pinned(secured(opened, host) if channel.security == "ssl" else opened, host)
    try:
        code, words = server.connect(host, 1)
        if code != _READY:
            return Outcome("busy", _said(code, words))
        if channel.security == "starttls":
            _start_tls(server, host)
        refused = _log_in(server, channel.user, password) or _hand_over(server, written)
        if not refused.fault:
            server.quit()
        return refused
    finally:
        server.close()


def _log_in(server: smtplib.SMTP, user: str, password: str) -> Outcome | None:
    """The refusal of a login; None when it is in, or needs none."""
    if not user:
        return None
    try:
        server.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        return _refused("login", error.smtp_code, error.smtp_error)
    except UnicodeEncodeError:
        return Outcome("login", "user or password has other signs than ASCII")
    return None


def _hand_over(server: smtplib.SMTP, written: EmailMessage) -> Outcome:
    try:
        refused = server.send_message(written)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused("recipient", *next(iter(error.recipients.values())))
    except smtplib.SMTPSenderRefused as error:
        return _refused("recipient", error.smtp_code, error.smtp_error)
    except smtplib.SMTPDataError as error:
        fault = "too-long" if error.smtp_code in _TOO_LARGE else "unsuitable"
        return _refused(fault, error.smtp_code, error.smtp_error)
    # A repeat would reach those twice who have it: the mail counts as delivered, and the rest is noted.
    return Outcome("", f"refused: {', '.join(sorted(refused))}" if refused else "")


def _start_tls(server: smtplib.SMTP, host: str) -> None:
    server.ehlo()
    if not server.has_extn("starttls"):
        raise NotSent("no-tls", host)
    try:
        server.starttls(context=trust())
    except ssl.SSLCertVerificationError as error:
        raise NotSent("certificate", f"{host}: {error.verify_message}") from None


def _refused(lasting: str, code: int, words: bytes | str) -> Outcome:
    """A refusal of a mail server: temporary below 500, else what it was about."""
    return Outcome(lasting if code >= _LASTING else "busy", _said(code, words))


def _said(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {said}"
