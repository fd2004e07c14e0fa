"""A mail server on loopback that speaks SMTP, with STARTTLS and logins, and answers as it is told."""

from __future__ import annotations

import base64
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """What it asks for, how it answers, and what it took."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    offers_tls: bool = True
    login: str = ""
    # The answer to a command by its first word, instead of the usual one.
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        self.mail: MailServer = self.server.mail  # type: ignore[attr-defined] # set by running_mail_server
        self.is_secure = False
        self.say(self.mail.answers.get("CONNECT", "220 mail.test"))
        while line := self.rfile.readline().decode().strip():
            self.mail.commands.append(line)
            word = line.split()[0].upper()
            if word in self.mail.answers:
                self.say(self.mail.answers[word])
            elif not self.answer(word, line):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def answer(self, word: str, line: str) -> bool:
        match word:
            case "EHLO":
                offered = ["AUTH PLAIN"] if self.mail.login else []
                offered += ["STARTTLS"] if self.mail.offers_tls and not self.is_secure else []
                names = ["mail.test", "8BITMIME", *offered]
                for name in names[:-1]:
                    self.say(f"250-{name}")
                self.say(f"250 {names[-1]}")
            case "STARTTLS":
                self.say("220 go ahead")
                assert self.mail.tls is not None
                try:
                    secured = self.mail.tls.wrap_socket(self.connection, server_side=True)
                except OSError:
                    return False
                self.request = secured
                self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb", buffering=0)  # type: ignore[assignment] # unbuffered
                self.is_secure = True
            case "AUTH":
                given = base64.b64decode(line.split()[2]).decode()
                is_right = given == self.mail.login
                self.say("235 ok" if is_right else f"535 bad login {line.split()[2]} {given}")
            case "DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(part)
                self.mail.taken.append("".join(lines))
                self.say("250 taken")
            case "QUIT":
                self.say("221 bye")
                return False
            case _:
                self.say("250 ok")
        return True


@contextmanager
def running_mail_server(mail: MailServer) -> Iterator[MailServer]:
    """The server, on a port of its own."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        server.mail = mail  # type: ignore[attr-defined] # read by its sessions
        mail.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mail
        finally:
            server.shutdown()
            thread.join()


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """The context of a server at 127.0.0.1 with a certificate of its own, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted
