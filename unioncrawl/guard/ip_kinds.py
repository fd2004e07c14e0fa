"""Which IP addresses are public, and what kind the others are.

The blocks are those of IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and
its updates), written out so that every version of Python decides alike. An IPv6 address
that carries an IPv4 address is of that one's kind.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(block), kind)
    for block, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared"),
        ("127.0.0.0/8", "loopback"),
        # The platform address of a large cloud, on every machine there.
        ("168.63.129.16/32", "metadata"),
        # 169.254.169.254 gives a cloud's machine its own keys.
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(block), kind)
    for block, kind in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("3fff::/20", "reserved"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)
_LOW_32 = 0xFFFFFFFF


def special_kind(text: str) -> str:
    """What kind of special address this is; empty for a public one.

    Text that is not an IP address is "invalid". A zone (``fe80::1%eth0``) is ignored.

    >>> [special_kind(ip) for ip in ("127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.1.1", "121.28.49.163")]
    ['loopback', 'private', 'shared', 'link-local', '']
    >>> [special_kind(ip) for ip in ("::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "240e::1")]
    ['loopback', 'private', 'loopback', '']
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return "invalid"
    if isinstance(address, IPv4Address):
        return next((kind for block, kind in _V4 if address in block), "")
    carried = _carried(address)
    if carried is not None:
        return special_kind(str(carried))
    kind = next((kind for block, kind in _V6 if address in block), "")
    return kind or ("" if address in _GLOBAL_UNICAST else "reserved")


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address within an IPv6 address (mapped, NAT64, 6to4, ISATAP); None without one."""
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return IPv4Address(number >> 80 & _LOW_32)
    if address in _NAT64 or number >> 32 & _LOW_32 in _ISATAP:
        return IPv4Address(number & _LOW_32)
    return None
