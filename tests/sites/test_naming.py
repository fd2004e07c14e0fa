"""How a site and its id are named from one page."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.sites.naming import site_id, site_name


@pytest.mark.parametrize(
    ("host", "name", "expected"),
    [
        ("www.linxi-gh.example", "临溪市总工会", "linxi-gh"),
        ("127.0.0.1", "临溪市总工会", "lxszgh"),
        ("10.2.33.4", "东河县工会网", "dhxghw"),
        ("::1", "临溪市总工会", "lxszgh"),
        ("www.12351.cn", "重庆工会", "cqgh"),
        ("192.168.0.7", "", "site"),
        ("192.168.0.7", "192.168.0.7", "site"),
        ("xn--fiq64b.cn", "临溪市总工会", "lxszgh"),
    ],
)
def test_an_id_is_never_a_number(host: str, name: str, expected: str) -> None:
    """An address of numbers gives no id: then the name's initials do."""
    assert site_id(host, name) == expected


@pytest.mark.parametrize(
    ("head", "home_texts", "headline", "expected"),
    [
        ("<title>临溪市总工会 &#8211; 职工之家 服务之窗</title>", [], "", "临溪市总工会"),
        ("<title>临溪工人之家 &#8211; 服务职工在线</title>", ["临溪工人之家"], "", "临溪工人之家"),
        ("<title>首页 - 临溪市总工会</title>", ["首页"], "", "临溪市总工会"),
        ("<title>送清凉到一线</title><meta property='og:site_name' content='临溪工会'>", [], "", "临溪工会"),
        (
            (
                "<title>市总工会看望环卫工 &raquo; 东河职工在线</title>"
                "<link rel='alternate' title='东河职工在线 &raquo; Feed'>"
            ),
            [],
            "",
            "东河职工在线",
        ),
        ("<title>市总工会看望环卫工</title>", [], "市总工会看望环卫工", ""),
        ("", [], "", ""),
    ],
)
def test_a_name_is_what_a_site_calls_itself(
    head: str, home_texts: list[str], headline: str, expected: str
) -> None:
    """Of a title the tagline and the headline are left out; what the page says elsewhere too is the name."""
    decoded = DecodedPage(url="http://gh.example/", text=head, encoding="utf-8")
    assert site_name(decoded, home_texts, headline) == expected
