"""TLS for the connections of a crawl: as old as the site file allows, with what is wrong with certificates.

Pages are taken whatever the certificate says, as Scrapy does unless
``DOWNLOAD_VERIFY_CERTIFICATES`` is on; but what is wrong with it is found and said.
"""

from __future__ import annotations

import functools
import logging
import ssl
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509, X509Store
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import AcceptableCiphers, CertificateOptions, TLSVersion
from zope.interface import implementer

from unioncrawl.archive.crawl_state.crawl_memory import profile_of
from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.guard.tls_faults import certificate_fault
from unioncrawl.sites.profile import TlsAge

CERTIFICATES = "unioncrawl/tls/certificates"
# SSL_OP_LEGACY_SERVER_CONNECT of openssl/ssl.h: servers without RFC 5746 are reached.
_LEGACY_SERVER_CONNECT = 0x4
# Every cipher, also those of short keys (SSL_CTX_set_security_level(3)).
_ANY_CIPHER = "ALL:@SECLEVEL=0"
_CHAIN_FAULTS = frozenset({19, 20, 21})
# OpenSSL itself, for what pyOpenSSL has no way to.
_lib, _ffi = SSL._lib, SSL._ffi  # type: ignore[attr-defined] # noqa: SLF001
logger = logging.getLogger(__name__)


class SiteTls(_ScrapyClientContextFactory):
    """Scrapy's factory of contexts, for one crawl: all its connections share one context."""

    def of_crawler(self, crawler: Crawler) -> SiteTls:
        """Take the crawl whose site is asked, and whose stats have what was found."""
        self._crawler = crawler
        self._options: CertificateOptions | None = None
        return self

    @property
    def is_legacy(self) -> bool:
        """Whether the site file allows TLS of an older time."""
        profile = profile_of(self._crawler.spider)
        return profile is not None and profile.fetch.tls is TlsAge.LEGACY

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ANN401, N802 - Twisted's own
        """Make the options of a connection to a host."""
        options = super().creatorForNetloc(hostname, port)
        if self._verify_certificates:
            return options
        return _Noted(options, _Findings(self._crawler, hostname.decode("ascii", "replace")))

    def _get_cert_options_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super()._get_cert_options_kwargs()
        if self.is_legacy:
            kwargs.pop("method", None)
            kwargs["insecurelyLowerMinimumTo"] = TLSVersion.TLSv1_0
            ciphers = AcceptableCiphers.fromOpenSSLCipherString(_ANY_CIPHER)  # type: ignore[no-untyped-call]
            kwargs["acceptableCiphers"] = ciphers
        return kwargs

    def _get_cert_options(self) -> CertificateOptions:
        if self._options is None:
            # Twisted's own: Scrapy's allow servers without RFC 5746 everywhere.
            self._options = CertificateOptions(**self._get_cert_options_kwargs())
            context = self._options.getContext()
            if self.is_legacy:
                context.set_options(_LEGACY_SERVER_CONNECT)
                context.set_cipher_list(_ANY_CIPHER.encode())
            if (store := _trusted()) is not None:
                _share(store, context)
        return self._options


@implementer(IOpenSSLClientConnectionCreator)
class _Noted:
    """Scrapy's options of a connection, whose certificate is looked at and never refused."""

    def __init__(self, options: Any, findings: _Findings) -> None:  # noqa: ANN401 - of two versions of Twisted
        self._options = options
        self._findings = findings

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: ANN401, N802 - Twisted's own
        """Make the connection."""
        connection: SSL.Connection = self._options.clientConnectionForTLS(protocol)
        connection.set_verify(SSL.VERIFY_PEER, self._findings.note)
        return connection


class _Findings:
    """Reports what is wrong with the certificate of a host, each fault once a run."""

    def __init__(self, crawler: Crawler, host: str) -> None:
        self._crawler = crawler
        self._host = host

    def note(self, _: SSL.Connection, certificate: X509, code: int, depth: int, _is_sound: int) -> bool:
        """Take OpenSSL's judgement on a certificate of the chain, and let the connection go on."""
        if code and (_trusted() is not None or code not in _CHAIN_FAULTS):
            words = _ffi.string(_lib.X509_verify_cert_error_string(code))
            said = certificate_fault(code, words.decode("ascii", "replace"))
            until = (certificate.get_notAfter() or b"").decode("ascii")[:8]
            self._report(f"{self._host}: its certificate (until {until}) {said}")
        elif depth == 0 and not self._is_for_host(certificate):
            self._report(f"{self._host}: its certificate is one of another host")
        return True

    def _is_for_host(self, certificate: X509) -> bool:
        is_name = special_kind(self._host.strip("[]")) == "invalid"
        try:
            identity = DNS_ID(self._host) if is_name else IPAddress_ID(self._host.strip("[]"))
            verify_service_identity(extract_patterns(certificate), [identity], [])
        except (CertificateError, VerificationError, ValueError):
            return False
        return True

    def _report(self, line: str) -> None:
        stats = self._crawler.stats
        found = stats.get_value(CERTIFICATES, [])
        if line not in found:
            stats.set_value(CERTIFICATES, [*found, line])
            logger.warning("%s; its pages are taken all the same, and nobody can prove who sent them.", line)


def _share(store: X509Store, context: SSL.Context) -> None:
    """Let a context know the roots; to load them for each one would take 30 ms of CPU.

    The context takes over a reference (SSL_CTX_set_cert_store(3)).
    """
    _lib.X509_STORE_up_ref(store._store)  # noqa: SLF001 - see _lib
    _lib.SSL_CTX_set_cert_store(context._context, store._store)  # noqa: SLF001 - see _lib


@functools.cache
def _trusted() -> X509Store | None:
    """The roots that this machine trusts; None where it has no list of them."""
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        return None
    store = X509Store()
    try:
        store.load_locations(paths.cafile, paths.capath)
    except (SSL.Error, ValueError):
        return None
    return store
