"""Match a printed source (来源) to the outlet that it names: sites have many names."""

from __future__ import annotations

import re
from functools import lru_cache

from unioncrawl.language.folding import fold

# A bracket that is not closed on its line matches with the rest of the line, and is put back.
_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕\n]*+(?P<end>[)\]】〕]?)")
# No host has more than a few labels; its own beginning is where a label begins.
_HOST = re.compile(r"(?:https?://)?(?:www\.)?((?<![a-z0-9-])(?:[a-z0-9-]++\.){1,12}[a-z]{2,})\S*")
# Between outlets: 工人日报-中工网, 新华社、人民网.
_BETWEEN = re.compile(r"[\s\-—–、,/|;:·《》“”\"'‘’]+|以及|和")
_BEFORE = re.compile("^(?:文章|稿件|信息|新闻|本文)?(?:来源|来自|转自|转载自|转载|摘自|选自|据|供稿)(?:于)?")
_AFTER = re.compile(
    "(?:镜像.*|记者.*|驻.*|官方|旧站|门户|栏目|网站|官网|网|微信公众号|公众号|微信|微博|客户端|手机|app|数字报|"
    "电子报|报社|编辑部|后台|讯|消息|供稿)$"
)
# 陕西省总工会, 陕西工会 and 陕西省总 are one house.
_UNION = re.compile("(?:自治[区州县旗]|[省市县区州盟旗])?(?:总工会|工会|(?<=[省市县区])总$)")
# What remains of 市总工会 names no house.
_LEAST_UNION = 4
# A site that names itself in this way wrote the story itself.
_OWN = re.compile("^(?:本站|本网|本报|本刊|原创|自采)")

# Few sources name few sites, again and again.
_JUDGED_AT_HAND = 8_192


@lru_cache(_JUDGED_AT_HAND)
def names_outlet(source: str, site_name: str, host: str = "") -> bool:
    """Whether a source names the outlet with this name, or this host.

    市总工会 names no particular outlet.

    >>> names_outlet("工人日报-中工网", "中工网"), names_outlet("陕西工会网", "陕西省总工会")
    (True, True)
    >>> names_outlet("河南工人日报", "工人日报"), names_outlet("市总工会", "西安市总工会")
    (False, False)
    """
    hosts, parts = _hosts_and_names(source)
    if host and any(host == named or host.endswith(f".{named}") for named in hosts):
        return True
    _, own = _hosts_and_names(site_name)
    return any(_is_same(part, name) for part in parts for name in own)


@lru_cache(_JUDGED_AT_HAND)
def is_foreign(source: str, site_name: str, host: str = "") -> bool:
    """Whether a site names another outlet as the source of a story.

    >>> is_foreign("新华社", "中工网"), is_foreign("本网", "中工网"), is_foreign("", "中工网")
    (True, False, False)
    """
    _, parts = _hosts_and_names(source)
    return bool(parts) and not _OWN.match(fold(source)) and not names_outlet(source, site_name, host)


@lru_cache(maxsize=4_096)
def _hosts_and_names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the hosts and the names, in their shortest form, that a text holds."""
    folded = _BRACKETS.sub(lambda found: " " if found["end"] else found[0], fold(text))
    hosts = tuple(found[1] for found in _HOST.finditer(folded))
    parts = (_shortest(part) for part in _BETWEEN.split(_HOST.sub(" ", folded)))
    return hosts, tuple(part for part in parts if part)


def _shortest(part: str) -> str:
    part = _BEFORE.sub("", part)
    while (shorter := _AFTER.sub("", part)) != part:
        part = shorter
    part = part.replace("中华全国", "全国")
    return "全国工会" if part == "全总" else _UNION.sub("工会", part)


def _is_same(part: str, own: str) -> bool:
    """Whether two short forms name one house; a union may leave out the city of its district."""
    if part == own:
        return part != "工会"
    both_unions = part.endswith("工会") and own.endswith("工会")
    return (
        both_unions
        and min(len(part), len(own)) >= _LEAST_UNION
        and (part.endswith(own) or own.endswith(part))
    )
