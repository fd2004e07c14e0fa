"""The reader of one site in one run: it learns the site's layouts from what it reads, then reads by them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields
from hashlib import blake2b
from typing import NamedTuple

from unioncrawl.errors import ExtractError
from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import PageBoxes, read_and_observe
from unioncrawl.layouts.read_by_model import RULE_OF, read_by_model
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article, DecodedPage, Extraction
from unioncrawl.sites.profile import SiteProfile

# A model is learnt from so many articles, and anew after so many pages that it does not fit.
_ARTICLES_TO_LEARN = 20
# So many observed pages are kept.
_MOST_SEEN = 200
# The first pages after learning, the first ones of each run, and then one in so many, are read both ways.
_FIRST_BOTH, _FIRST_OF_RUN, _ONE_IN = 20, 4, 50
# So many differing of the last compared retire a model.
_LAST_COMPARED, _MOST_DIFFERING = 20, 2
_KEPT_DIFFERENCES = 50
# A model by which most pages are read in vain, and then in full, costs more than it saves.
_LAST_READ, _MOST_IN_VAIN = 40, 20
_OF_THE_READING = frozenset(("evidence", "site_model"))
# Why a page does not fit that another page of its kind would: of the others the page itself is the reason.
_UNFIT = frozenset(
    (
        *("no-model", "no-boxes", "no-text", "unknown-siblings", "text-elsewhere"),
        *("headline-elsewhere", "label-elsewhere", "file-elsewhere"),
    )
)


class Difference(NamedTuple):
    """A field that a reading by model gave otherwise than the full reader, whose value was taken."""

    url: str
    field: str
    full: str
    by_model: str


class Retired(NamedTuple):
    """A model that was given up, and why."""

    model_id: str
    reason: str


class SiteReader:
    """Reads the pages of a site: in full while it learns, then by the site's model where that holds.

    ``keep`` keeps a model that was learnt, and says whether it could: one that is not kept reads nothing.
    ``recall`` yields pages that earlier runs captured, for most runs bring too few to learn from.
    ``counts`` has what happened: ``by-model``, ``in-full:WHY``, ``compared``, ``differed``, ``learnt``,
    ``retired``, ``unknown-siblings``. ``differences`` are the last ones seen, ``retired`` the model given up.
    """

    def __init__(
        self,
        profile: SiteProfile | None,
        model: SiteModel | None = None,
        *,
        keep: Callable[[SiteModel], bool] = lambda _: True,
        recall: Callable[[], Iterable[DecodedPage]] = tuple,
    ) -> None:
        self._profile = profile
        self.model = model
        self._keep = keep
        self._recall: Callable[[], Iterable[DecodedPage]] | None = recall
        self.counts: Counter[str] = Counter()
        self.retired: Retired | None = None
        self.differences: deque[Difference] = deque(maxlen=_KEPT_DIFFERENCES)
        self._seen: dict[str, PageBoxes] = {}
        self._unfit, self._to_learn = 0, _ARTICLES_TO_LEARN
        self._in_vain: deque[bool] = deque(maxlen=_LAST_READ)
        self._compared: deque[bool] = deque(maxlen=_LAST_COMPARED)
        self._left_to_compare = _FIRST_OF_RUN

    def read(self, page: DecodedPage) -> Extraction:
        """What `extract_page` returns; by the site's model where it may be read so."""
        if self.model is None:
            return self._in_full(page, "no-model")
        read = read_by_model(page, self._profile, self.model)
        self.counts["unknown-siblings"] += read.unknown
        if not read.in_full:
            self._in_vain.append(read.extraction is None)
        if read.extraction is None:
            if sum(self._in_vain) >= _MOST_IN_VAIN:
                self._give_up(self.model, f"in vain for {sum(self._in_vain)} of {len(self._in_vain)} pages")
            return self._in_full(page, read.why_not)
        if read.in_full:
            self._note(read.boxes, read.why_not)
            return read.extraction
        if self._left_to_compare or _is_drawn(page.url):
            return self._both(page, read.extraction)
        self.counts["by-model"] += 1
        return read.extraction

    def _in_full(self, page: DecodedPage, why: str) -> Extraction:
        extraction, boxes = read_and_observe(page, self._profile)
        self._note(boxes, why)
        return extraction

    def _note(self, boxes: PageBoxes | None, why: str) -> None:
        """Keep what a page that was read in full shows, and learn when that is enough."""
        self.counts[f"in-full:{why}"] += 1
        is_unfit = why in _UNFIT or why.startswith(RULE_OF)
        if boxes is None or not is_unfit or boxes.url in self._seen:
            return
        if self._recall is not None:
            self._look_back(self._recall)
        self._see(boxes)
        self._unfit += 1
        if self._unfit >= self._to_learn:
            self._learn(boxes, why)

    def _look_back(self, recall: Callable[[], Iterable[DecodedPage]]) -> None:
        """Observe, once a run, pages that earlier runs captured: the next unfit page lets learn from them."""
        self._recall = None
        for page in recall():
            with suppress(ExtractError):
                _, boxes = read_and_observe(page, self._profile)
                if boxes is not None:
                    self._see(boxes)
        self._unfit = len(self._seen)

    def _see(self, boxes: PageBoxes) -> None:
        self._seen[boxes.url] = boxes
        if len(self._seen) > _MOST_SEEN:
            del self._seen[next(iter(self._seen))]

    def _learn(self, unfit: PageBoxes, why: str) -> None:
        """Learn a model, and read by it where it knows the layout of the page that fitted no other."""
        self._unfit = 0
        known = self.model.layout_of(unfit.anchors.text) if self.model else None
        if known is not None and why == "no-text":  # the page's own text is short
            return
        model = learn_model(self._profile.id if self._profile else "", self._seen.values())
        is_new = self.model is None or model.id != self.model.id
        if is_new and model.layout_of(unfit.anchors.text) is not None and self._keep(model):
            self.model = model
            self._left_to_compare = _FIRST_BOTH
            self._compared.clear()
            self._in_vain.clear()
            self.counts["learnt"] += 1

    def _both(self, page: DecodedPage, by_model: Extraction) -> Extraction:
        """Read a page in full too, whose record is the one taken where they differ."""
        self._left_to_compare = max(0, self._left_to_compare - 1)
        extraction, boxes = read_and_observe(page, self._profile)
        self.counts["compared"] += 1
        found = differences(extraction, by_model)
        self._compared.append(bool(found))
        if boxes is not None:
            self._see(boxes)
        if not found:
            return by_model
        self.counts["differed"] += 1
        self.differences.extend(found)
        if sum(self._compared) >= _MOST_DIFFERING and self.model is not None:
            named = "; ".join(f"{one.field} of {one.url}" for one in self.differences)
            self._give_up(self.model, f"two readings of a page differ: {named}")
        return extraction

    def _give_up(self, model: SiteModel, reason: str) -> None:
        """Give the model up and observe anew, twice as many articles as the last time."""
        self.counts["retired"] += 1
        self.retired = Retired(model.id, reason)
        self.model = self._recall = None
        self._seen.clear()
        self._unfit, self._to_learn = 0, 2 * self._to_learn


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
