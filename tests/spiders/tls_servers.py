"""Servers of an older time on loopback, each with a list and its one article."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.spiders.canned import article, listing

# 1024 bits, as `openssl dhparam 1024` makes them; OpenSSL serves no shorter ones at any level.
SMALL_DH = """-----BEGIN DH PARAMETERS-----
MIGHAoGBALHUxn6OeX8Cv0e8eeIGxSw20Sl16rZ8a9fdirHHKQzbpDYOTg+leNEL
XMc0N+fXbBiYy/DA+ztfVtju2t3rFSD4Pouw+f5vpTVzMEMpaBmf6jG1zABj0PyG
+DpHculvuJNQtqyyWTkTw+2wIdqA6fCws97zIVWGFXBVqL9tCZunAgEC
-----END DH PARAMETERS-----
"""
_WEAKEST = "ALL:@SECLEVEL=0"
_PAGES = {"/list.html": listing(["/a/1.html"]), "/a/1.html": article(1)}


def tls_1_0(context: ssl.SSLContext, _: Path) -> None:
    """Speak TLS 1.0 alone, as Windows Server 2003 and 2008 do."""
    context.set_ciphers(_WEAKEST)
    _only(context, ssl.TLSVersion.TLSv1)


def tls_1_1(context: ssl.SSLContext, _: Path) -> None:
    """Speak TLS 1.1 alone."""
    context.set_ciphers(_WEAKEST)
    _only(context, ssl.TLSVersion.TLSv1_1)


def small_dh(context: ssl.SSLContext, folder: Path) -> None:
    """Exchange keys of 1024 bits, as Java 7 and 8 do."""
    context.set_ciphers("DHE:@SECLEVEL=0")
    _only(context, ssl.TLSVersion.TLSv1_2)
    (folder / "dh.pem").write_text(SMALL_DH)
    context.load_dh_params(str(folder / "dh.pem"))


def sound(_context: ssl.SSLContext, _: Path) -> None:
    """Speak what Python's servers speak."""


def _only(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version


def write_certificate(folder: Path, days: tuple[int, int], issuer: str = "") -> Path:
    """Write a key and a certificate valid from and until so many days from now.

    One with an ``issuer`` is signed by that one, whose own certificate nobody gets.
    """
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "linxi-gh")])
    signer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]) if issuer else name
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .sign(ec.generate_private_key(ec.SECP256R1()) if issuer else key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))
    return path


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer a list, an article, or that there is nothing."""
        page = _PAGES.get(self.path)
        body = (page or "404").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of handshakes that failed."""


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def tls_server(folder: Path, certificate: Path, age: Callable[[ssl.SSLContext, Path], None]) -> Iterator[int]:
    """Serve over TLS of an age; the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    age(context, folder)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with _serving(server):
        yield server.server_address[1]


@contextmanager
def ipv6_server() -> Iterator[int]:
    """Serve over HTTP on ::1; the port."""
    server = _Server6(("::1", 0), _Handler)
    with _serving(server):
        yield server.server_address[1]


@contextmanager
def _serving(server: _Server) -> Iterator[None]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class WithoutRenegotiation:
    """Greets like a server that knows no RFC 5746, notes what the client says to it, and hangs up."""

    # ServerHello of TLS 1.2 without extensions: AES128-GCM-SHA256 (RFC 5246, 7.4.1.3).
    _HELLO = b"\x03\x03" + bytes(range(32)) + b"\x00" + b"\x00\x9c" + b"\x00"
    _ALERT = b"\x15"

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        # Whether each client refused the greeting with an alert.
        self.refused: list[bool] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                self.refused.append(self._greet(client) == self._ALERT)

    def _greet(self, client: socket.socket) -> bytes:
        client.recv(1 << 14)
        handshake = b"\x02" + struct.pack(">I", len(self._HELLO))[1:] + self._HELLO
        client.sendall(b"\x16\x03\x03" + struct.pack(">H", len(handshake)) + handshake)
        client.settimeout(0.3)
        try:
            return client.recv(1 << 14)[:1]
        except TimeoutError:
            return b""

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
