"""A page is read without the boxes of its site where all that was learnt holds, else in full."""

from __future__ import annotations

import pytest

from tests.layouts.made_site import headline, page_of, paragraphs
from unioncrawl.extract import extract_page
from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import read_and_observe
from unioncrawl.layouts.prune import Pruner
from unioncrawl.layouts.read_by_model import read_by_model
from unioncrawl.layouts.site_model import TEXT, SiteModel, Tree
from unioncrawl.layouts.site_reader import SiteReader, differences
from unioncrawl.model import DecodedPage, Evidence
from unioncrawl.page.parse import parse_document


@pytest.fixture(scope="module")
def model() -> SiteModel:
    """What twelve pages of the made site share."""
    seen = (read_and_observe(page_of(number))[1] for number in range(12))
    return learn_model("linxi", (one for one in seen if one is not None))


def test_reads_the_same_fields_from_fewer_lines(model: SiteModel) -> None:
    """A reading by model has every field of the full reading, and names the model and the layout."""
    for number in range(20, 40):
        page = page_of(number)
        read = read_by_model(page, None, model)
        assert read.extraction is not None, read.why_not
        assert read.extraction.article is not None
        assert not differences(extract_page(page), read.extraction)
        named = Evidence("page", "site-model", f"{model.id} {model.layouts[0].name}")
        assert named in read.extraction.article.evidence
        assert not read.in_full


def test_knows_the_boxes_around_the_article(model: SiteModel) -> None:
    """Menu, sidebar and foot are boxes of the site; the article's headline, breadcrumb and text are not."""
    body = inside(model.tree, "html", "body")
    assert body["div.foot"]
    left = inside(body, "div.main", "div.left")
    assert left["div#content_.content"] == TEXT
    assert isinstance(left["div.info"], dict)
    assert isinstance(body["div.crumb"], dict)
    assert inside(body, "div.main")["div.side"]
    assert body["div.header"]


DIFFERENT = {
    "a file in a box": {"below": '<div class="share">附件：<a href="/f/50.docx">报名表.docx</a></div>'},
    "a next part in a box": {
        "below": '<div class="share">1 <a href="/xw/50_2.html">2</a> <a href="/xw/50_2.html">下一页</a></div>'
    },
    "a signed line in a box": {"below": '<div class="share">（责任编辑：何清源 通讯员：周小满）</div>'},
    "text after the text": {"below": f'<div class="share">{paragraphs(77)[1]}</div>'},
    "a file in the foot": {"foot": '<a href="/f/51.pdf">公示名单.pdf</a>'},
    "a film": {"below": '<div class="share"><video src="/v/1.mp4"></video></div>'},
    "a headline in the head": {"nav": f"<h1>{headline(50)}</h1>"},
}


@pytest.mark.parametrize("label", DIFFERENT)
def test_keeps_what_one_page_alone_has(model: SiteModel, label: str) -> None:
    """What stands in a box on one page alone gives the fields that the full reader gives."""
    page = page_of(50, **DIFFERENT[label])
    read = SiteReader(None, model).read(page)
    assert not differences(extract_page(page), read)


def test_reads_the_rest_of_a_page_with_a_file_in_a_box(model: SiteModel) -> None:
    """A box that leads to a file is read, the other boxes of its page are left out."""
    page = page_of(50, below='<div class="share">附件：<a href="/f/50.docx">报名表.docx</a></div>')
    pruner = Pruner(model, page.url)
    root = parse_document(page, pruner).root
    assert "报名表" in "".join(root.itertext())
    assert "热门文章" not in "".join(root.itertext())


@pytest.mark.parametrize("text", ["<p>会议明天上午九时召开。</p>", "<p>您访问的页面不存在</p>", "<p></p>"])
def test_gives_short_texts_and_refusals_to_the_full_reader(model: SiteModel, text: str) -> None:
    """A page with hardly a text is read in full: what is around it says too what it is."""
    page = page_of(51, text=text)
    read = read_by_model(page, None, model)
    assert read.in_full
    assert read.why_not == "no-text"
    reader = SiteReader(None, model)
    assert reader.read(page) == extract_page(page)
    assert reader.counts["in-full:no-text"] == 1


def test_reads_another_template_in_full_at_once(model: SiteModel) -> None:
    """A page without any box of the model is read once, in full."""
    text = "<p>" + "街道总工会为职工送去防暑药品，并听取意见。" * 12 + "</p>"
    html = f"<html><head><title>{headline(3)}</title></head><body><h2>{headline(3)}</h2>{text}</body></html>"
    page = DecodedPage(url="http://www.linxi-gh.example/zt/1.html", text=html, encoding="utf-8")
    read = read_by_model(page, None, model)
    assert read.in_full
    assert read.why_not == "no-boxes"
    assert read.extraction == extract_page(page)


def inside(tree: Tree, *keys: str) -> Tree:
    """The subtree at some keys, which must hold a part of an article."""
    for key in keys:
        inner = tree[key]
        assert isinstance(inner, dict), f"{key} is a box: {inner}"
        tree = inner
    return tree
