"""The CMS families: what a site of each is like unless its file says otherwise.

The table is ``families.toml`` beside this module, which explains its keys. A family
whose lists need more than the general way has a module in ``spiders.families``;
the table holds only facts that an offline page needs as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from unioncrawl.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A content management system (or a home-made one) and its defaults."""

    id: str
    title: str
    article_url: str
    note: str
    list_url: str = ""
    traces: tuple[str, ...] = ()
    generator: str = ""
    marked: bool = False


def read_families(text: str) -> dict[str, Family]:
    r"""The families of a table in TOML, by id, in its order.

    A key that no family has, or one that is missing, raises `TypeError`: the table
    is part of the program.

    >>> table = "[trs]\ntitle = '拓尔思 TRS WCM'\narticle_url = '/t[0-9]+'\nnote = '没有公开的计数器'"
    >>> read_families(table)["trs"].title
    '拓尔思 TRS WCM'
    """
    return {name: _family(name, values) for name, values in tomllib.loads(text).items()}


def _family(name: str, values: Mapping[str, Any]) -> Family:
    return Family(**{**values, "id": name, "traces": tuple(values.get("traces", ()))})


FAMILIES = read_families(resources.files(__package__).joinpath("families.toml").read_text(encoding="utf-8"))


def complete(profile: SiteProfile) -> SiteProfile:
    """Fill what a site file leaves open with its family's defaults.

    What the file says itself is never changed.
    """
    if profile.article_url:
        return profile
    return profile.model_copy(update={"article_url": FAMILIES[profile.family].article_url})
