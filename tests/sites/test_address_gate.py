"""The gate for addresses: what may be asked for a site, what may be given out as a link."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.guard.web_address import Refusal, WebAddress, is_web_link, read_web_address
from unioncrawl.sites.address_gate import AddressGate, Purpose, registrable_domain, site_file_faults
from unioncrawl.sites.catalogue import load_catalogue
from unioncrawl.sites.profile import Level, SiteProfile

OWN = ("www.linxi.example.cn", "121.28.49.163")


def site(**given: tuple[str, ...]) -> SiteProfile:
    """A site whose own hosts are two, and what a test adds."""
    plain = SiteProfile(id="linxi", name="临溪", level=Level.CITY, family="generic", hosts=OWN)
    return plain.model_copy(update=dict(given))


def reason(url: str, purpose: Purpose = Purpose.PAGE, profile: SiteProfile | None = None) -> str:
    """Why the gate refuses an address for the site; empty when it does not."""
    refusal = AddressGate(profile or site()).refuse(url, purpose)
    return refusal.reason if refusal else ""


@pytest.mark.parametrize(
    "url",
    [
        "http://www.linxi.example.cn/xw/1.html",
        "https://WWW.linxi.example.cn/工会 要闻.html",
        "http://www.linxi.example.cn:443/",
        "http://121.28.49.163/",
    ],
)
def test_the_sites_own_hosts_may_be_asked(url: str) -> None:
    """A host of the site file passes, on ports 80 and 443 when it is listed without a port."""
    assert reason(url) == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://other.example/", "address-host"),
        ("http://www.linxi.example.cn:8080/", "address-host"),
        ("http://linxi.example.cn/", "address-host"),
        ("http://www.linxi.example.cn.evil.example/", "address-host"),
        ("http://127.0.0.1/", "address-private"),
        ("http://[::1]/", "address-private"),
        ("http://[::ffff:127.0.0.1]/", "address-private"),
        ("http://[64:ff9b::7f00:1]/", "address-private"),
        ("http://[2002:7f00:1::]/", "address-private"),
        ("http://169.254.169.254/latest/meta-data/", "address-private"),
        ("http://100.100.100.200/", "address-private"),
        ("http://168.63.129.16/", "address-private"),
        ("http://0.0.0.0/", "address-private"),
        ("http://localhost/", "address-private"),
        ("http://a.localhost/", "address-private"),
        ("http://8.8.8.8/", "address-host"),
        ("http://2130706433/", "address-invalid"),
        ("http://0x7f.1/", "address-invalid"),
        ("http://0x7f000001/", "address-invalid"),
        ("http://127.1/", "address-invalid"),
        ("http://0177.0.0.1/", "address-invalid"),
        ("http://127.0.0.1./", "address-invalid"),
        ("http://www.linxi.example.cn./", "address-invalid"),
        ("http://www。linxi。example。cn/", "address-invalid"),
        ("http://１２７.0.0.1/", "address-invalid"),
        ("http://www.linxi.example.cn\ufeff/", "address-invalid"),
        ("http://www.lin\u200bxi.example.cn/", "address-invalid"),
        ("http://www.lin\u00adxi.example.cn/", "address-invalid"),
        ("http://www.linxi.example.cn@evil.example/", "address-userinfo"),
        ("http://evil.example\\@www.linxi.example.cn/", "address-invalid"),
        ("http://www.linxi.example.cn\\.evil.example/", "address-invalid"),
        ("http://www.linxi.example.cn%2eevil.example/", "address-invalid"),
        ("http://www.linxi.example.cn:80:80/", "address-invalid"),
        ("http://www.linxi.example.cn:/", "address-invalid"),
        ("http://www.linxi.example.cn:0/", "address-invalid"),
        ("http://www.linxi.example.cn:99999/", "address-invalid"),
        ("http://www.linxi.example.cn:８０/", "address-invalid"),
        ("http://www.linxi.example.cn\t/", "address-invalid"),
        ("ht\ntp://www.linxi.example.cn/", "address-invalid"),
        ("http://[fe80::1%25eth0]/", "address-invalid"),
        ("http:///x", "address-invalid"),
        ("http:/x", "address-invalid"),
        ("http:www.linxi.example.cn", "address-invalid"),
        ("file:///etc/passwd", "address-scheme"),
        ("FTP://www.linxi.example.cn/", "address-scheme"),
        ("data:text/html,x", "address-scheme"),
        ("//www.linxi.example.cn/", "address-scheme"),
        ("", "address-scheme"),
        ("http://www.linxi.example.cn/" + "长" * 2100, "address-too-long"),
    ],
)
def test_what_is_refused_has_its_reason(url: str, expected: str) -> None:
    """Every other address is refused, odd spellings of a host too."""
    assert reason(url) == expected


def test_a_listed_port_stands_for_itself() -> None:
    """A host with a port is that port alone; a loopback address passes when it is listed."""
    practice = site(hosts=("127.0.0.1:8801", "[::1]:8801"))
    assert reason("http://127.0.0.1:8801/x", profile=practice) == ""
    assert reason("http://[::1]:8801/x", profile=practice) == ""
    assert reason("http://127.0.0.1:8802/x", profile=practice) == "address-private"
    assert reason("http://127.0.0.1/x", profile=practice) == "address-private"
    assert reason("http://127.0.0.2:8801/x", profile=practice) == "address-private"


def test_a_counter_may_stand_beside_the_site() -> None:
    """A counter passes on the site's registered domain and on ``counter_hosts``, on nothing else."""
    named = site(counter_hosts=("hits.example.com",), part_hosts=("old.example.com",))
    union = site(hosts=("www.linxigh.gov.cn",))
    assert reason("http://count.linxigh.gov.cn/hits?id=4", Purpose.COUNTER, union) == ""
    assert reason("http://count.linxigh.gov.cn/hits?id=4", profile=union) == "address-host"
    assert reason("http://count.linxigh.gov.cn:8080/hits?id=4", Purpose.COUNTER, union) == "address-host"
    assert reason("http://www.other.gov.cn/hits?id=4", Purpose.COUNTER, union) == "address-host"
    assert reason("http://hits.example.com/?id=4", Purpose.COUNTER, named) == ""
    assert reason("http://hits.example.com/?id=4", Purpose.PART, named) == "address-host"
    assert reason("http://old.example.com/4_2.html", Purpose.PART, named) == ""
    assert reason("http://hits.example.com/robots.txt", profile=named) == ""


def test_without_a_site_every_public_host_may_be_asked() -> None:
    """``sites new`` and ``scrapy shell`` know no site yet; a private address must be typed itself."""
    open_gate, typed = AddressGate(), AddressGate(typed=["127.0.0.1:8801"])
    assert open_gate.refuse("http://www.other.example/") is None
    assert open_gate.refuse("http://127.0.0.1:8801/") is not None
    assert typed.refuse("http://127.0.0.1:8801/x") is None
    assert typed.refuse("http://127.0.0.1:8802/x") is not None


def test_a_name_leads_to_public_addresses_alone() -> None:
    """A name that leads to a private network is refused, unless the site file says that it does."""
    inner = site(hosts=("gh.corp",), private_hosts=("gh.corp",))
    assert AddressGate(site()).refuse_resolved("www.linxi.example.cn", "8.8.8.8") is None
    assert AddressGate(site()).refuse_resolved("www.linxi.example.cn", "10.0.0.1") is not None
    assert AddressGate(inner).refuse_resolved("gh.corp", "10.0.0.1") is None
    assert AddressGate(site()).refuse_resolved("127.0.0.1", "127.0.0.1") is None


def test_only_the_webs_addresses_are_links() -> None:
    """Anything but http and https, however it is written, is not a link."""
    for url in (
        "javascript:alert(1)",
        " javascript:x",
        "\x01http://a.cn/",
        "JAVA\tSCRIPT:x",
        "http://a\x00.cn/",
    ):
        assert not is_web_link(url)
    assert is_web_link("https://a.cn/附件 1.doc")


HOSTS = st.sampled_from(
    ["www.linxi.example.cn", "127.0.0.1", "evil.example", "[::1]", "0x7f.1", "a。cn", "工会.cn", "", "\ufeff"]
)
PIECES = st.lists(
    st.sampled_from([*"@:/\\?#%. \t\n。．１", "http:", "https:", "//", "[", "]", "80"]) | HOSTS, max_size=9
)


@given(PIECES.map("".join) | st.text(max_size=30))
def test_what_passes_has_one_reading(text: str) -> None:
    """Python's own reader finds the same host and port in whatever passes, and the host is the site's."""
    for url in (text, f"http://{text}"):
        if AddressGate(site()).refuse(url) is None:
            parts = urlsplit(url)
            assert parts.scheme in ("http", "https")
            assert parts.hostname in ("www.linxi.example.cn", "121.28.49.163")
            assert parts.port in (None, 80, 443)
            assert parts.username is None


@given(st.text(max_size=40))
def test_every_text_is_read_or_refused(text: str) -> None:
    """No text raises, whatever it holds."""
    assert isinstance(read_web_address(text), WebAddress | Refusal)
    AddressGate(site()).refuse(text, Purpose.COUNTER)


@given(st.ip_addresses())
def test_no_address_that_python_calls_special_is_public(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Our table is at least as strict as the standard library's, NAT64 aside."""
    if not special_kind(str(ip)):
        assert ip.is_global
        assert not ip.is_multicast


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "2001:470:0:1:0:5efe::"]))
def test_a_carried_address_is_judged_like_itself(ip: ipaddress.IPv4Address, prefix: str) -> None:
    """An IPv4 address is no more public inside an IPv6 one."""
    carried = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(ip))
    assert special_kind(str(carried)) == special_kind(str(ip))


def test_registered_domains_come_from_the_list_in_the_package() -> None:
    """gov.cn is a public suffix: two unions below it are strangers to each other."""
    assert registrable_domain("www.jimo.gov.cn") == "jimo.gov.cn"
    assert (
        registrable_domain("gov.cn") == registrable_domain("10.0.0.1") == registrable_domain("intranet") == ""
    )


def test_every_bundled_site_may_ask_its_own_columns() -> None:
    """No site file that comes with the package names a column that the gate would refuse."""
    profiles = load_catalogue().profiles
    assert {key: faults for key, one in profiles.items() if (faults := site_file_faults(one))} == {}
