"""How the element of each tag is set: within the line, as a block, or not at all."""

from __future__ import annotations

from typing import Any

from lxml import etree

# Everything else breaks the line: custom tags (ucapcontent, founder-content) hold paragraphs.
INLINE = frozenset(
    """a abbr acronym b bdo bdi big cite code del dfn em font i img ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr nobr ruby rb rt rp input button""".split()
)
UNSEEN = frozenset(
    """script style noscript template svg textarea select option iframe object embed canvas video audio title
    map""".split()
)
EMBEDS = frozenset("iframe object embed video audio".split())

# How an element is set: within the line, within it and noted, as a block, not at all.
WITHIN, NOTED, BLOCK, AWAY, COMMENT = range(5)


class _Kinds(dict[Any, int]):
    """How each tag is set, by its name; what is no element has a function for one."""

    def __missing__(self, tag: Any) -> int:  # noqa: ANN401 - lxml is untyped
        if not isinstance(tag, str):
            return AWAY
        return WITHIN if ":" in tag else BLOCK


# Tags that most pages have: what is missing here costs a call for each element.
_BLOCKS = frozenset(
    """address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 head header hr html li link main meta nav ol p pre section table tbody td tfoot th thead tr
    ul""".split()
)
KINDS = _Kinds(
    dict.fromkeys(_BLOCKS, BLOCK)
    | dict.fromkeys(INLINE, WITHIN)
    | dict.fromkeys(("a", "img"), NOTED)
    | dict.fromkeys(UNSEEN, AWAY)
    | {etree.Comment: COMMENT}
)
