"""Certificates of the world's hosts: one in force and one that has run out, by an authority of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_FIRST = timedelta(days=400)
_LAST = datetime(2090, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files: the authority's, and key with certificate of the hosts, in force and expired."""

    authority: Path
    sound: Path
    expired: Path


def make_certificates(folder: Path, hosts: Sequence[str], start: datetime) -> Certificates:
    """Make the certificates of hosts; the expired one has run out before ``start``, so by every clock."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("practice authority")
    first = start - _FIRST
    own = _builder(name, key.public_key(), first, _LAST).issuer_name(name)
    own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = Certificates(folder / "authority.pem", folder / "sound.pem", folder / "expired.pem")
    made.authority.write_bytes(own.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    for file, last in ((made.sound, _LAST), (made.expired, start - timedelta(days=1))):
        mine = ec.generate_private_key(ec.SECP256R1())
        asked = _builder(_name("practice"), mine.public_key(), first, last).issuer_name(name)
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        signed = asked.add_extension(names, critical=False).sign(key, hashes.SHA256())
        private = mine.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return made


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, first: datetime, last: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(first).not_valid_after(last)
