"""Empty the boxes that a model knows, before a page's lines are read."""

from __future__ import annotations

from typing import Any

from lxml import etree

from unioncrawl.layouts.addresses import key_of, keyed_children
from unioncrawl.layouts.box_facts import BoxLook, own_address
from unioncrawl.layouts.page_boxes import BOXES
from unioncrawl.layouts.site_model import PICTURES, READ, TEXT, Box, SiteModel, Tree

# A shorter text may be a refusal or a list, of which the boxes speak too (`article_signs`: running text).
SHORTEST_TEXT = 120
# A box may show so many characters more than it ever did: names of months, a longer title.
_MORE, _CHARACTERS_MORE = 1.1, 10
# Of the blocks beside those that hold the article: where more are unknown, the layout is another one.
_MOST_UNKNOWN = 0.25
# What stands for an emptied box: the rules see a link there, as they did at its edges, and no step of a
# breadcrumb.
_STAND_IN = "· ·"


class Pruner:
    """Empties the site's boxes of one page: a `Prune` for `parse_document`, and what it found.

    ``why_not`` names why the page was left whole; ``around`` are the elements that may hold a part of
    the article.
    """

    def __init__(self, model: SiteModel, url: str) -> None:
        self._model = model
        self._own = own_address(url)
        self._boxes: list[tuple[Any, int]] = []
        self.around: set[Any] = set()
        self.known = self.unknown = self.pruned = self.characters = 0
        self.why_not = ""

    def __call__(self, root: Any) -> int:  # noqa: ANN401 - lxml is untyped
        """Empty the boxes where the layout is a known one; how many characters they showed."""
        state = self._model.tree.get(key_of(root))
        if state is not None and not isinstance(state, tuple):
            self._look_into(root, state)
        if not self._boxes:
            self.why_not = "no-boxes"
        elif self.characters < SHORTEST_TEXT:
            self.why_not = "no-text"
        elif self.unknown > _MOST_UNKNOWN * (self.unknown + self.known):
            self.why_not = "unknown-siblings"
        else:
            for box, characters in self._boxes:
                _empty(box, shows_text=characters > 0)
            self.pruned = len(self._boxes)
            return sum(characters for _, characters in self._boxes)
        return 0

    def _look_into(self, element: Any, tree: Tree) -> None:  # noqa: ANN401 - the same
        self.around.add(element)
        for child, key in keyed_children(element):
            state = tree.get(key)
            if child.tag in BOXES:
                self.unknown += state is None
                self.known += state is not None
            if state == TEXT:
                self.characters = max(self.characters, len(BoxLook(child).shown))
            elif isinstance(state, tuple):
                if state != READ:
                    self._take(child, state)
            elif state is not None:
                self._look_into(child, state)

    def _take(self, element: Any, box: Box) -> None:  # noqa: ANN401 - the same
        """Take a box that shows no more than it ever did, and leads to nothing of the article."""
        look = BoxLook(element)
        if self._is_like(look, box):
            self._boxes.append((element, len(look.shown)))

    def _is_like(self, look: BoxLook, box: Box) -> bool:
        most, text, *doubts = box
        if look.text == text:  # a box that always shows the same
            return not look.has_cues or look.doubts() <= set(doubts)
        if most == PICTURES or look.plain > _MORE * int(most) + _CHARACTERS_MORE:
            return False
        return not look.leads_to(self._own) and look.doubts() <= set(doubts)


def _empty(box: Any, *, shows_text: bool) -> None:  # noqa: ANN401 - the same
    del box[:]
    box.text = None
    if shows_text:
        stand_in = etree.SubElement(box, "a", href="#")
        stand_in.text = _STAND_IN
