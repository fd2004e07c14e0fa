"""Which names may a reader be asked by? A foreign one is a rebound name of DNS, or a mistake.

A page anywhere can make its own name lead to 127.0.0.1 and then read what answers there
as its own; it cannot make a browser send another name. An address in figures is no name
that DNS could lead elsewhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

_LOCAL_NAMES = frozenset({"localhost"})


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's alone.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOCAL_NAMES


def host_name(header: str) -> str:
    """Return the name in a ``Host`` header, in lower case, without its port.

    >>> host_name("LocalHost:8000"), host_name("[::1]:8000"), host_name("例子.example.")
    ('localhost', '::1', '例子.example')
    """
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].removesuffix(".")


def is_allowed(header: str, names: Collection[str], *, only_loopback: bool) -> bool:
    """Whether a reader answers to a ``Host`` header.

    >>> is_allowed("127.0.0.1:8000", (), only_loopback=True)
    True
    >>> is_allowed("news.example:8000", (), only_loopback=True)
    False
    >>> is_allowed("10.0.0.5:8000", (), only_loopback=True), is_allowed("10.0.0.5", (), only_loopback=False)
    (False, True)
    """
    name = host_name(header)
    if name in names or is_loopback(name):
        return True
    return not only_loopback and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
