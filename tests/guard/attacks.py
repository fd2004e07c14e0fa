"""Where an attack takes place, one way in, and the addresses that must stay untouched."""

from __future__ import annotations

from dataclasses import dataclass

from tests.guard.hostile import Answer, page
from tests.guard.stories import article, listing

STATUSES = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Ground:
    """Where an attack takes place: the hostile site, the canary's port, the folder of secret files."""

    site: str
    canary_port: int
    secrets: str

    @property
    def canary(self) -> str:
        """The canary's plainest address."""
        return f"http://127.0.0.1:{self.canary_port}"


@dataclass(frozen=True)
class Way:
    """One way in: the answers of its pages by path.

    ``is_rejected``: whether the refusal must stand among the rejections (an entry of a list
    that leads elsewhere is no refusal). ``keeps``: whether its own article must be
    stored all the same.
    """

    name: str
    pages: dict[str, Answer | list[Answer]]
    is_rejected: bool = True
    keeps: bool = True


def xml_answer(body: str) -> Answer:
    """The answer of a server with a feed or a sitemap."""
    return Answer(f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode(), content_type="text/xml")


def odd_hosts(port: int, site: str) -> dict[str, str]:
    """Names of the canary in odd forms, each up to the path."""
    return {
        "decimal": f"http://2130706433:{port}",
        "decimal-second": f"http://2130706434:{port}",
        "octal": f"http://0177.0.0.1:{port}",
        "hexadecimal": f"http://0x7f000002:{port}",
        "short": f"http://127.2:{port}",
        "zero": f"http://0:{port}",
        "any": f"http://0.0.0.0:{port}",
        "mapped": f"http://[::ffff:127.0.0.1]:{port}",
        "mapped-hex": f"http://[::ffff:7f00:2]:{port}",
        "six": f"http://[::1]:{port}",
        "six-any": f"http://[::]:{port}",
        "six-zone": f"http://[::1%25lo]:{port}",
        "compatible": f"http://[::127.0.0.1]:{port}",
        "userinfo": f"http://{site}@127.0.0.2:{port}",
        "password": f"http://www.acftu.org:80@127.0.0.1:{port}",
        "backslash": f"http://127.0.0.2:{port}\\@{site}",
        "hash-at": f"http://127.0.0.2:{port}#@{site}",
        "trailing-dot": f"http://127.0.0.2.:{port}",
        "full-width": f"http://１２７．０．０．２:{port}",
        "ideographic-dot": f"http://127。0。0。2:{port}",
        "circled": f"http://①②⑦.⓪.⓪.②:{port}",
        "localhost": f"http://localhost:{port}",
        "localhost-dot": f"http://localhost.:{port}",
        "localhost-name": f"http://www.union.localhost:{port}",
        "capitals": f"HTTP://LOCALHOST:{port}",
        "no-scheme": f"//127.0.0.2:{port}",
        "backslashes": f"http:\\\\127.0.0.2:{port}",
        "one-slash": f"http:/127.0.0.2:{port}",
        "tab": f"http://127.0.0.2\t:{port}",
        "newline": f"ht\ntp://127.0.0.2:{port}",
        "soft-hyphen": f"http://127.0.0\u00ad.2:{port}",
        "zero-width": f"http://127.0.0.\u200b2:{port}",
        "percent": f"http://%31%32%37.0.0.2:{port}",
        "own-port-elsewhere": f"http://127.0.0.2:{site.rpartition(':')[2]}",
    }


def other_schemes(ground: Ground) -> dict[str, str]:
    """Addresses of other schemes, each up to the path."""
    return {
        "file": f"file://{ground.secrets}",
        "file-localhost": f"file://localhost{ground.secrets}",
        "file-capitals": f"FiLe://{ground.secrets}",
        "ftp": f"ftp://127.0.0.1:{ground.canary_port}",
        "gopher": f"gopher://127.0.0.1:{ground.canary_port}",
        "s3": "s3://bucket",
        "data": "data:text/html,",
        "view-source": f"view-source:{ground.canary}",
        "websocket": f"ws://127.0.0.1:{ground.canary_port}",
        "jar": f"jar:{ground.canary}/a!",
    }


def list_way(name: str, *, head: str = "", after: str = "") -> Way:
    """A list with one article of the site, and something that leads on."""
    return Way(
        name,
        {
            f"/{name}/list.html": page(listing([f"/{name}/20250301/1.html"], head=head, after=after)),
            f"/{name}/20250301/1.html": page(article(1, name)),
        },
    )
