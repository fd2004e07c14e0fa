"""The reader of one site in one run: it learns the site's layouts from what it reads, then reads by them."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import fields
from hashlib import blake2b
from typing import NamedTuple

from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import PageBoxes, read_and_observe
from unioncrawl.layouts.read_by_model import read_by_model
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article, DecodedPage, Extraction
from unioncrawl.sites.profile import SiteProfile

# A model is learnt from so many articles, and anew after so many of a layout that it does not know.
_ARTICLES_TO_LEARN = 20
# The first pages after learning, and then one in so many, are read both ways.
_FIRST_BOTH, _ONE_IN = 20, 50
# So many differing of the last compared retire a model.
_LAST_COMPARED, _MOST_DIFFERING = 20, 2
_KEPT_DIFFERENCES = 50
_OF_THE_READING = frozenset(("evidence",))


class Difference(NamedTuple):
    """A field that a reading by model gave otherwise than the full reader, whose value was taken."""

    url: str
    field: str
    full: str
    by_model: str


class SiteReader:
    """Reads the pages of a site: in full while it learns, then by the site's model where that holds.

    ``counts`` has what happened: ``by-model``, ``in-full:WHY``, ``compared``, ``differed``, ``retired``,
    ``unknown-siblings``. ``learnt`` is the model that this run learnt, to be stored; ``retired`` the
    differences for which a model was given up. ``differences`` are the last ones seen.
    """

    def __init__(self, profile: SiteProfile | None, model: SiteModel | None = None) -> None:
        self._profile = profile
        self.model = model
        self.learnt: SiteModel | None = None
        self.counts: Counter[str] = Counter()
        self.retired: tuple[Difference, ...] = ()
        self.differences: deque[Difference] = deque(maxlen=_KEPT_DIFFERENCES)
        self._seen: dict[str, PageBoxes] = {}
        self._unread = 0
        self._compared: deque[bool] = deque(maxlen=_LAST_COMPARED)
        self._left_to_compare = 0 if model else _FIRST_BOTH

    def read(self, page: DecodedPage) -> Extraction:
        """What `extract_page` returns; by the site's model where it may be read so."""
        if self.model is None:
            return self._in_full(page, "no-model")
        read = read_by_model(page, self._profile, self.model)
        self.counts["unknown-siblings"] += read.unknown
        if read.extraction is None:
            return self._in_full(page, read.why_not)
        if read.in_full:
            self.counts[f"in-full:{read.why_not}"] += 1
            self._note(read.boxes)
            return read.extraction
        if self._left_to_compare or _is_drawn(page.url):
            return self._both(page, read.extraction)
        self.counts["by-model"] += 1
        return read.extraction

    def _in_full(self, page: DecodedPage, why: str) -> Extraction:
        self.counts[f"in-full:{why}"] += 1
        extraction, boxes = read_and_observe(page, self._profile)
        self._note(boxes)
        return extraction

    def _note(self, boxes: PageBoxes | None) -> None:
        """Keep what a page that was read in full shows, and learn when that is enough."""
        if boxes is None or boxes.url in self._seen:
            return
        self._seen[boxes.url] = boxes
        self._unread += 1
        if self._unread < _ARTICLES_TO_LEARN:
            return
        self._unread = 0
        site = self._profile.id if self._profile else ""
        model = learn_model(site, self._seen.values())
        if model.layouts and (self.model is None or len(model.layouts) > len(self.model.layouts)):
            self.model = self.learnt = model
            self._left_to_compare = _FIRST_BOTH
            self._compared.clear()
            self.counts["learnt"] += 1

    def _both(self, page: DecodedPage, by_model: Extraction) -> Extraction:
        """Read a page in full too, whose record is the one taken."""
        self._left_to_compare = max(0, self._left_to_compare - 1)
        extraction, boxes = read_and_observe(page, self._profile)
        self.counts["compared"] += 1
        found = differences(extraction, by_model)
        self._compared.append(bool(found))
        if not found:
            return by_model
        self.counts["differed"] += 1
        self.differences.extend(found)
        if sum(self._compared) >= _MOST_DIFFERING:
            self._retire()
        self._note(boxes)
        return extraction

    def _retire(self) -> None:
        """Give the model up and observe anew."""
        self.counts["retired"] += 1
        self.retired = tuple(self.differences)
        self.model = self.learnt = None
        self._seen.clear()
        self._unread = 0


def differences(full: Extraction, by_model: Extraction) -> list[Difference]:
    """The fields in which two readings of a page differ; how they were read is no field."""
    if full.article is None or by_model.article is None:
        kinds = (str(full.reason or "article"), str(by_model.reason or "article"))
        return [Difference(full.url, "kind", *kinds)] if kinds[0] != kinds[1] else []
    names = [one.name for one in fields(Article) if one.name not in _OF_THE_READING]
    pairs = ((name, getattr(full.article, name), getattr(by_model.article, name)) for name in names)
    return [Difference(full.url, name, str(one), str(other)) for name, one, other in pairs if one != other]


def _is_drawn(url: str) -> bool:
    digest = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % _ONE_IN == 0
