"""Learn a site's model from pages that were read in full."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from unioncrawl.layouts.addresses import SIGN, is_within
from unioncrawl.layouts.box_facts import BoxFacts
from unioncrawl.layouts.page_boxes import PageBoxes
from unioncrawl.layouts.site_model import PICTURES, READ, TEXT, VARIES, Box, Layout, SiteModel

# A layout of fewer samples is not known; a key seen on fewer pages is not known as a box.
FEWEST_SAMPLES = 5
# More say nothing new; those with the smallest digest of their address are taken.
MOST_SAMPLES = 40
# The text of a layout stands at the address at which it stands on so many of the pages below it.
_TEXT_SHARE = 0.25
# The headline stands where it stands on most pages; where <title> does not name it, on nearly all.
_HEADLINE_SHARE, _UNTOLD_SHARE = 0.5, 0.9
# A box is the site's where it shows the same on several pages, or hardly a word outside its links.
_SAME_PAGES, _UNLINKED_SHARE = 3, 0.1
# What leads to the page itself on more of the pages holds a place for it: to print it, to share it.
_LEADING_SHARE = 0.3


def learn_model(site: str, samples: Iterable[PageBoxes]) -> SiteModel:
    """Learn what the sample pages of a site share.

    The same samples give the same model in whatever order they come; an address counts once.
    A layout whose headline stands now here, now there is none; without layouts all pages are read in full.
    """
    pages = sorted({page.url: page for page in samples}.values(), key=_order)
    layouts, taken = [], []
    for text, members in _by_text(pages):
        layout = _layout(text, members[:MOST_SAMPLES])
        if len(members) >= FEWEST_SAMPLES and layout.headlines:
            layouts.append(layout)
            taken += members[:MOST_SAMPLES]
    texts = {layout.text for layout in layouts}
    return SiteModel(site, tuple(sorted(layouts)), _tree(_states(taken, texts)) if layouts else {})


def _order(page: PageBoxes) -> tuple[bytes, str]:
    return blake2b(page.url.encode("utf-8", "surrogatepass"), digest_size=8).digest(), page.url


def _by_text(pages: Sequence[PageBoxes]) -> list[tuple[str, list[PageBoxes]]]:
    """The pages of each layout by the address of its text.

    Some texts are wrapped once more: the outermost address counts that holds enough of the texts.
    """
    counts = Counter(page.anchors.text for page in pages)
    outer = [
        text
        for text in sorted(counts, key=len)
        if counts[text] > 1
        and counts[text] >= _TEXT_SHARE * sum(n for other, n in counts.items() if is_within(other, text))
    ]
    members: dict[str, list[PageBoxes]] = defaultdict(list)
    for page in pages:
        text = next((one for one in outer if is_within(page.anchors.text, one)), None)
        if text is not None:
            members[text].append(page)
    return sorted(members.items())


def _layout(text: str, members: Sequence[PageBoxes]) -> Layout:
    anchors = [page.anchors for page in members]
    told = 2 * sum(one.title_told for one in anchors) > len(anchors)
    least = (_HEADLINE_SHARE if told else _UNTOLD_SHARE) * len(anchors)
    headlines = Counter(one.headline for one in anchors)
    return Layout(
        name=blake2b(text.encode(), digest_size=3).hexdigest(),
        text=text,
        headlines=tuple(sorted(one for one, count in headlines.items() if count > least)),
        title_told=told,
        rules=_rules([dict(one.rules) for one in anchors]),
        shortest=min(one.letters for one in anchors),
        samples=len(anchors),
    )


def _rules(samples: Sequence[dict[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By field the rules by which samples have it, an empty one where a sample lacks it."""
    names = sorted({field for rules in samples for field in rules})
    return tuple((name, tuple(sorted({rules.get(name, "") for rules in samples}))) for name in names)


def _states(pages: Sequence[PageBoxes], texts: set[str]) -> dict[str, Box | None]:
    """By address: None for an element that holds a part of an article, else what is known of it."""
    seen: dict[str, list[list[BoxFacts]]] = defaultdict(list)
    for page in pages:
        of_page: dict[str, list[BoxFacts]] = defaultdict(list)
        for address, facts in page.boxes:
            of_page[address].append(facts)
        for address, all_facts in of_page.items():
            seen[address].append(all_facts)
    leading = Counter(address for page in pages for address in page.leading)
    states: dict[str, Box | None] = {
        address: _box(of_pages)
        for address, of_pages in seen.items()
        if leading[address] <= _LEADING_SHARE * len(of_pages)
    }
    for address in leading:
        states.setdefault(address, None)
    states.update(dict.fromkeys(address for page in pages for address in page.used))
    states.update(dict.fromkeys(texts, TEXT))
    return states


def _box(pages: Sequence[Sequence[BoxFacts]]) -> Box:
    """What a box of the site showed at most; `READ` where it is not surely the site's."""
    facts = [one for page in pages for one in page]
    shown = Counter(digest for page in pages for digest in {one.digest for one in page if one.digest})
    doubts = Counter(doubt for page in pages for doubt in {doubt for one in page for doubt in one.doubts})
    if len(pages) < FEWEST_SAMPLES or not shown or min(doubts.values(), default=_SAME_PAGES) < _SAME_PAGES:
        return READ
    plain, linked = sum(one.plain for one in facts), sum(one.linked for one in facts)
    is_same = shown.most_common(1)[0][1] >= _SAME_PAGES
    if not is_same and plain > _UNLINKED_SHARE * (plain + linked):
        return READ
    texts = {one.text for one in facts}
    most = max(one.plain for one in facts) if plain or linked else PICTURES
    return (most, texts.pop() if len(texts) == 1 else VARIES, *sorted(doubts))


def _tree(states: dict[str, Box | None]) -> dict[str, Any]:
    """The states of the addresses as a tree of keys; nothing is kept inside a text or a box."""
    tree: dict[str, Any] = {}
    for address in sorted(states):
        *around, key = address.split(SIGN)
        node: Any = tree
        for one in around:
            if node.get(one) == READ:
                node[one] = {}
            node = node.get(one)
            if not isinstance(node, dict):
                break
        if isinstance(node, dict):
            state = states[address]
            node[key] = {} if state is None else state
    return tree
