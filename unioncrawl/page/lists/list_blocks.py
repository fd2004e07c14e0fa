"""Distinguish a list page's blocks: the list itself, popular articles, recommended articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any


def find_blocks(anchors: Mapping[str, Any]) -> dict[str, str]:
    """The block of each entry, by the entry's address; a block's name is the same on every page.

    An entry belongs to the innermost element that holds another entry as well;
    tags, classes and ids from there up to the page's root name the block.
    """
    inside: defaultdict[Any, set[str]] = defaultdict(set)
    for url, anchor in anchors.items():
        for element in anchor.iterancestors():
            inside[element].add(url)
    names: dict[Any, str] = {}
    blocks: dict[str, str] = {}
    for url, anchor in anchors.items():
        block = next((element for element in anchor.iterancestors() if len(inside[element]) > 1), None)
        if block not in names:
            names[block] = _name(block) if block is not None else ""
        blocks[url] = names[block]
    return blocks


def _name(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    steps = [
        f"{step.tag}.{step.get('class') or ''}#{step.get('id') or ''}"
        for step in (element, *element.iterancestors())
    ]
    return "/".join(reversed(steps))
