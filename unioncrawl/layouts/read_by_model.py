"""Read a page without the boxes of its site, where all that was learnt of its layout holds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple

from unioncrawl.extract.assemble import Reading, extract_page, read_through
from unioncrawl.layouts.addresses import address_of, is_within
from unioncrawl.layouts.page_boxes import Anchors, PageBoxes, anchors_of, observe, text_element
from unioncrawl.layouts.prune import SHORTEST_TEXT, Pruner
from unioncrawl.layouts.site_model import Layout, SiteModel
from unioncrawl.layouts.used_places import file_links, labelled_places
from unioncrawl.model import Article, DecodedPage, Evidence, Extraction
from unioncrawl.page.hidden.tag_kinds import INLINE
from unioncrawl.sites.profile import SiteProfile

_FEWEST_SENTENCES = 2
# Without a printed date a text of fewer sentences may be a list's.
_SENTENCES_UNDATED = 8
_SHARE_OF_SHORTEST = 0.3
# How a reason begins that names a field found by a rule that no sample had.
RULE_OF = "rule-of-"
_SENTENCE_END = re.compile(r"[。！？；]")


class ModelReading(NamedTuple):
    """The reading of a page by a model.

    ``extraction`` is None where a check failed, ``why_not`` says which; a page from which nothing was
    left out was read in full. ``unknown`` are the blocks beside the article that the model never saw.
    """

    extraction: Extraction | None
    why_not: str
    unknown: int = 0
    in_full: bool = False
    boxes: PageBoxes | None = None


def read_by_model(page: DecodedPage, profile: SiteProfile | None, model: SiteModel) -> ModelReading:
    """Read a page without the boxes that the model knows."""
    pruner = Pruner(model, page.url)
    extraction, reading, _ = read_through(page, profile, pruner)
    if not pruner.pruned:
        seen = None
        if reading is not None and extraction.article is not None:
            seen = observe(reading, extraction.article, profile)
        return ModelReading(extraction, pruner.why_not, pruner.unknown, in_full=True, boxes=seen)
    article = extraction.article
    if reading is None or article is None:
        return ModelReading(None, "no-article", pruner.unknown)
    anchors = anchors_of(reading, article)
    layout = model.layout_of(anchors.text) if anchors else None
    if anchors is None or layout is None:
        return ModelReading(None, "text-elsewhere", pruner.unknown)
    why_not = _difference(anchors, layout, article) or _strangers(reading, article, layout, pruner.around)
    if why_not:
        return ModelReading(None, why_not, pruner.unknown)
    named = Evidence("page", "site-model", f"{model.id} {layout.name}")
    article = replace(article, evidence=(*article.evidence, named), site_model=model.id)
    return ModelReading(replace(extraction, article=article), "", pruner.unknown)


def read_again(page: DecodedPage, profile: SiteProfile | None, model: SiteModel | None) -> Extraction:
    """Read a page as it was read before: by a model where it holds, else in full.

    A reading is a function of these and of this version. Raises `ExtractError` as `extract_page` does.
    """
    by_model = read_by_model(page, profile, model).extraction if model is not None else None
    return by_model if by_model is not None else extract_page(page, profile)


def _difference(anchors: Anchors, layout: Layout, article: Article) -> str:
    """Which of an article's traits its layout never had; empty where it had them all."""
    sentences = len(_SENTENCE_END.findall(article.body_text))
    if anchors.headline not in layout.headlines:
        return "headline-elsewhere"
    if layout.title_told and not anchors.title_told:
        return "title-not-told"
    if (
        anchors.letters < max(SHORTEST_TEXT, _SHARE_OF_SHORTEST * layout.shortest)
        or sentences < _FEWEST_SENTENCES
    ):
        return "short-text"
    if article.published_rule in ("", "url") and sentences < _SENTENCES_UNDATED:
        return "undated"
    rules = dict(anchors.rules)
    return next((RULE_OF + name for name, learnt in layout.rules if rules.get(name, "") not in learnt), "")


def _strangers(reading: Reading, article: Article, layout: Layout, around: set[Any]) -> str:
    """What was read where no article of the layout had anything; empty where nothing was."""
    text = _container(text_element(reading), layout)
    document = reading.document
    labelled = labelled_places(reading)
    if not all(_is_known(document.lines[place].element, text, around) for place in labelled):
        return "label-elsewhere"
    if not all(_is_known(link, text, around) for link in file_links(document, article)):
        return "file-elsewhere"
    return ""


def _container(element: Any, layout: Layout) -> Any:  # noqa: ANN401 - lxml is untyped
    """The element at the layout's address of the text: the text's own, or one around it."""
    for node in (element, *element.iterancestors()):
        if not is_within(address_of(node), layout.text):
            break
        element = node
    return element


def _is_known(element: Any, text: Any, around: set[Any]) -> bool:  # noqa: ANN401 - the same
    """Whether an element stands in the text, or is one in which articles of the site had something."""
    nodes = [element, *element.iterancestors()]
    if any(node is text for node in nodes):
        return True
    return next((node in around for node in nodes if node.tag not in INLINE), False)
