"""The model of a site's layouts: a record that is written as JSON, and named by a digest of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from unioncrawl.layouts.addresses import is_within

# A reading is a function of this too: raise it when a model of the same samples reads otherwise.
FORMAT = 1
# What a box of the site showed: the most characters outside links, the digest of its text where that was
# always the same (else `VARIES`), and the digests of its doubts.
Box = tuple[int | str, ...]
# What is read whole: what may hold something of an article, and the element of its text.
READ: Box = ()
TEXT: Box = (-2,)
# In place of the characters of a box that shows pictures alone.
PICTURES = -1
VARIES = ""

# By key: what is inside an element that holds a part of an article, or what is known of a box.
Tree = Mapping[str, "Tree | Box"]


class Layout(NamedTuple):
    """Where the articles of a layout stand, and what their readings had in common.

    ``headlines`` are the addresses of the headline that most of the samples share,
    ``rules`` has for each field the rules by which it was found, an empty one where a sample lacks the
    field; ``shortest`` is the length of the shortest text in characters.
    """

    name: str
    text: str
    headlines: tuple[str, ...]
    title_told: bool
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    shortest: int
    samples: int


@dataclass(frozen=True)
class SiteModel:
    """What the pages of a site share: its layouts, and a tree of the keys around their articles.

    Immutable; two models of the same content have the same `id`.
    """

    site: str
    layouts: tuple[Layout, ...]
    tree: Tree

    @cached_property
    def id(self) -> str:
        """The digest by which evidence names the model."""
        return digest_of(self.to_json())

    @property
    def boxes(self) -> int:
        """How many boxes of the site it knows."""
        return _count(self.tree)

    def to_json(self) -> str:
        """The model as JSON, the same for the same model."""
        record = {
            "format": FORMAT,
            "site": self.site,
            "layouts": [layout._asdict() for layout in self.layouts],
            "tree": self.tree,
        }
        return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> SiteModel | None:
        """The model of a JSON text; None where it is of another format and has to be learnt anew."""
        record = json.loads(text)
        if record["format"] != FORMAT:
            return None
        layouts = tuple(_layout(layout) for layout in record["layouts"])
        return cls(site=record["site"], layouts=layouts, tree=_tree(record["tree"]))

    def layout_of(self, text: str) -> Layout | None:
        """The layout whose text stands at an address or around it; None for an unknown place."""
        return next((layout for layout in self.layouts if is_within(text, layout.text)), None)


def digest_of(model: str) -> str:
    """The id of a model, from its JSON."""
    return blake2b(model.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _layout(record: dict[str, Any]) -> Layout:
    rules = tuple((field, tuple(names)) for field, names in record["rules"])
    return Layout(**{**record, "headlines": tuple(record["headlines"]), "rules": rules})


def _tree(record: dict[str, Any]) -> Tree:
    return {key: _tree(inner) if isinstance(inner, dict) else tuple(inner) for key, inner in record.items()}


def _count(tree: Tree) -> int:
    return sum(
        inner not in (READ, TEXT) if isinstance(inner, tuple) else _count(inner) for inner in tree.values()
    )
