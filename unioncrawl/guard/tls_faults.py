"""Why a connection over TLS could not be made, by the words of OpenSSL, and what to do about it."""

from __future__ import annotations

from unioncrawl import outcomes
from unioncrawl.outcomes import Reason

# Words of OpenSSL 1.1 to 4.0 (crypto/err/openssl.txt, ssl/ssl_err.c; alerts by RFC 5246, 7.2.2).
_WORDS: tuple[tuple[str, Reason], ...] = (
    ("unsafe legacy renegotiation disabled", outcomes.TLS_OLD_RENEGOTIATION),
    ("alert protocol version", outcomes.TLS_OLD_VERSION),
    ("unsupported protocol", outcomes.TLS_OLD_VERSION),
    ("unknown protocol", outcomes.TLS_OLD_VERSION),
    ("wrong ssl version", outcomes.TLS_OLD_VERSION),
    ("no protocols available", outcomes.TLS_OLD_VERSION),
    ("key too small", outcomes.TLS_WEAK_KEY),
    ("bad dh value", outcomes.TLS_WEAK_KEY),
    ("alert insufficient security", outcomes.TLS_WEAK_KEY),
    ("md too weak", outcomes.TLS_WEAK_KEY),
    ("wrong signature type", outcomes.TLS_WEAK_KEY),
    ("alert handshake failure", outcomes.TLS_NO_CIPHER),
    ("no shared cipher", outcomes.TLS_NO_CIPHER),
    ("no ciphers available", outcomes.TLS_NO_CIPHER),
    ("unknown cipher returned", outcomes.TLS_NO_CIPHER),
    ("wrong cipher returned", outcomes.TLS_NO_CIPHER),
    ("certificate verify failed", outcomes.TLS_CERTIFICATE),
)
# What `[fetch] tls = "legacy"` allows.
LEGACY_HELPS = frozenset(
    {
        outcomes.TLS_OLD_VERSION,
        outcomes.TLS_OLD_RENEGOTIATION,
        outcomes.TLS_WEAK_KEY,
        outcomes.TLS_NO_CIPHER,
    }
)
_ALLOW = 'allow it for this site: [fetch] tls = "legacy" in its site file'
_EXPIRED, _NOT_YET = 10, 9
# Codes of X509_verify_cert_error_string(3).
_CERTIFICATE_FAULTS = {
    _NOT_YET: "is not valid yet",
    _EXPIRED: "has expired",
    18: "is signed by itself",
    19: "leads to a root that nobody here trusts",
    20: "comes without the certificate that signed it (an incomplete chain)",
    21: "comes without the certificate that signed it (an incomplete chain)",
    23: "is withdrawn",
}


def tls_reason(words: str) -> Reason:
    """Return the reason for OpenSSL's words on a handshake that failed.

    >>> str(tls_reason("tlsv1 alert protocol version")), str(tls_reason("dh key too small"))
    ('tls-old-version', 'tls-weak-key')
    >>> str(tls_reason("wrong version number"))
    'tls-failed'
    """
    words = words.lower().replace("_", " ")
    return next((reason for sign, reason in _WORDS if sign in words), outcomes.TLS_FAILED)


def tls_detail(reason: Reason, words: str, *, is_legacy: bool) -> str:
    """Return what a rejection says of a handshake that failed: OpenSSL's words and the next step.

    >>> tls_detail(outcomes.TLS_WEAK_KEY, "dh key too small", is_legacy=False)
    'OpenSSL: dh key too small; allow it for this site: [fetch] tls = "legacy" in its site file'
    """
    if reason in LEGACY_HELPS:
        step = "not even [fetch] tls = legacy reaches it" if is_legacy else _ALLOW
    elif reason == outcomes.TLS_CERTIFICATE:
        step = "write to the site, or crawl without DOWNLOAD_VERIFY_CERTIFICATES"
    else:
        step = "check whether the address is one of https"
    return f"OpenSSL: {words}; {step}"


def certificate_fault(code: int, words: str) -> str:
    """Return what is wrong with a certificate, by OpenSSL's number for it.

    >>> certificate_fault(10, "certificate has expired"), certificate_fault(79, "invalid CA certificate")
    ('has expired', 'does not hold: invalid CA certificate')
    """
    return _CERTIFICATE_FAULTS.get(code, f"does not hold: {words}")
