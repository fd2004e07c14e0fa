"""Only what a box of the site always shows is left out of a page."""

from __future__ import annotations

import pytest

from tests.layouts.made_site import page_of
from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import read_and_observe
from unioncrawl.layouts.prune import Pruner
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import DecodedPage
from unioncrawl.page.parse import parse_document


@pytest.fixture(scope="module")
def model() -> SiteModel:
    """What twelve pages of the made site share."""
    seen = (read_and_observe(page_of(number))[1] for number in range(12))
    return learn_model("linxi", (one for one in seen if one is not None))


def left_of(model: SiteModel, page: DecodedPage) -> tuple[Pruner, str]:
    """What was found on a page, and the text that is left of it."""
    pruner = Pruner(model, page.url)
    return pruner, "".join(parse_document(page, pruner).root.itertext())


@pytest.mark.parametrize(("length", "is_left"), [(14, False), (15, True)])
def test_reads_a_box_that_says_more_than_ever(model: SiteModel, length: int, is_left: bool) -> None:  # noqa: FBT001
    """A box of four characters may show ten and a tenth more outside its links; beyond that it is read."""
    _, left = left_of(model, page_of(50, below=f'<div class="share">{"春" * length}</div>'))
    assert ("春" in left) == is_left


def test_counts_the_characters_left_out(model: SiteModel) -> None:
    """What stands in emptied boxes counts as visible text of the page, as in the full reading."""
    page = page_of(50)
    whole, rest = parse_document(page), parse_document(page, Pruner(model, page.url))
    assert len(rest.lines) < len(whole.lines)
    assert rest.left_out > 0
    assert abs(rest.text_length - whole.text_length) < 30


@pytest.mark.parametrize(("blocks", "why_not"), [(3, ""), (4, "unknown-siblings")])
def test_leaves_a_page_of_many_unknown_blocks_whole(model: SiteModel, blocks: int, why_not: str) -> None:
    """Where more than a quarter of the blocks beside the article are unknown, the layout is another one."""
    strange = "".join(f'<div class="new-{name}">新</div>' for name in "abcdefgh"[:blocks])
    pruner, left = left_of(model, page_of(50, below=strange))
    assert pruner.unknown == blocks
    assert pruner.why_not == why_not
    assert ("热门文章" in left) == bool(why_not)
