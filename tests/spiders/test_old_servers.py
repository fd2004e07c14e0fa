"""Servers of TLS from an older time: refused by name, reached where their site file says so, over sockets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.databases import remove_archive
from tests.spiders.canned import environment
from tests.spiders.conftest import Workplace
from tests.spiders.tls_servers import (
    WithoutRenegotiation,
    ipv6_server,
    small_dh,
    sound,
    tls_1_0,
    tls_1_1,
    tls_server,
    write_certificate,
)
from unioncrawl.practice.server import PracticeServer

AGES = {tls_1_0: "tls-old-version", tls_1_1: "tls-old-version", small_dh: "tls-weak-key"}
LEGACY = '[fetch]\ntls = "legacy"\n'


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """A working directory for a server's site file."""
    (tmp_path / "sites").mkdir()
    return Workplace(tmp_path, PracticeServer(0), environment(tmp_path))


def _crawl(workplace: Workplace, origin: str, more: str = "") -> tuple[dict[str, str], dict[str, Any], str]:
    """Crawl a server into a new archive: reasons of rejections, stats, and what was said."""
    workplace.site_file("old").write_text(
        'id = "old"\nname = "某市总工会"\nlevel = "practice"\nfamily = "generic"\n'
        f'hosts = ["{urlsplit(origin).netloc}"]\nscheme = "{urlsplit(origin).scheme}"\n'
        f'columns = [{{ name = "要闻", url = "{origin}/list.html" }}]\n'
        f"article_url = '/a/\\d+\\.html'\n[politeness]\ndelay_seconds = 0\nautothrottle = false\n{more}",
        encoding="utf-8",
    )
    remove_archive(workplace.folder / "data" / "archive.db")
    done = workplace.run("unioncrawl", "crawl", "old")
    ((stats,),) = workplace.rows("select stats from run")
    rows = workplace.rows("select reason, detail from rejection")
    return dict(rows), json.loads(stats), done.stderr


@pytest.mark.parametrize("age", AGES, ids=lambda age: age.__name__)
def test_an_old_server_is_named_and_may_be_allowed(workplace: Workplace, age: Callable[..., None]) -> None:
    """The rejection names what is old and the line that allows it; with that line the article is stored."""
    certificate = write_certificate(workplace.folder, (-1, 30))
    with tls_server(workplace.folder, certificate, age) as port:
        reasons, _, said = _crawl(workplace, f"https://127.0.0.1:{port}")
        assert list(reasons) == [AGES[age]], said
        assert '[fetch] tls = "legacy"' in reasons[AGES[age]]
        assert AGES[age] in said
        reasons, _, said = _crawl(workplace, f"https://127.0.0.1:{port}", LEGACY)
        assert not reasons, said
        assert workplace.rows("select count(*) from article") == [(1,)]


def test_an_old_renegotiation_is_named_and_may_be_allowed(workplace: Workplace) -> None:
    """A server without RFC 5746 is refused by name; where it is allowed its greeting is taken."""
    server = WithoutRenegotiation()
    reasons, _, _ = _crawl(workplace, f"https://127.0.0.1:{server.port}")
    assert list(reasons) == ["tls-old-renegotiation"]
    assert server.refused == [True]
    server.refused.clear()
    workplace.environment["RETRY_TIMES"] = "0"
    reasons, _, _ = _crawl(workplace, f"https://127.0.0.1:{server.port}", LEGACY)
    assert "tls-old-renegotiation" not in reasons
    assert set(server.refused) == {False}
    server.close()


@pytest.mark.parametrize(
    ("days", "issuer", "said"),
    [
        ((-40, -10), "", "has expired"),
        ((10, 40), "", "is not valid yet"),
        ((-1, 30), "Somebody's CA", "an incomplete chain"),
    ],
)
def test_a_certificate_that_does_not_hold_is_a_finding(
    workplace: Workplace, days: tuple[int, int], issuer: str, said: str
) -> None:
    """The pages are stored, and the run's stats and its output say what is wrong with the certificate."""
    certificate = write_certificate(workplace.folder, days, issuer)
    with tls_server(workplace.folder, certificate, sound) as port:
        reasons, stats, told = _crawl(workplace, f"https://127.0.0.1:{port}")
        assert not reasons
        found = stats["unioncrawl/tls/certificates"]
        assert any(said in line and line.startswith("127.0.0.1: ") for line in found), found
        assert said in told
        assert workplace.rows("select count(*) from article") == [(1,)]


def test_a_port_without_tls_is_no_old_server(workplace: Workplace) -> None:
    """A server that speaks plain HTTP where https was asked is tls-failed, with another next step."""
    with ipv6_server() as port:
        reasons, _, _ = _crawl(workplace, f"https://[::1]:{port}")
        assert list(reasons) == ["tls-failed"]
        assert "whether the address is one of https" in reasons["tls-failed"]


def test_a_server_of_ipv6_is_crawled(workplace: Workplace) -> None:
    """A site that is an IPv6 address is crawled, and its WARC file has that address."""
    with ipv6_server() as port:
        reasons, _, said = _crawl(workplace, f"http://[::1]:{port}")
        assert not reasons, said
        assert workplace.rows("select count(*) from article") == [(1,)]
    (path,) = (workplace.folder / "data" / "captures").glob("*.warc.gz")
    assert b"WARC-IP-Address: ::1\r\n" in gzip.decompress(path.read_bytes())
