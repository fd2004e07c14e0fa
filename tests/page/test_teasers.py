"""Teasers of other articles below a text are no part of it, however much they say."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage

TITLE = "东河县职工书屋添新书"
TEXT = "三月二日，东河县总工会给纺织厂的职工书屋送去新书八百册，女工们下班就来借。"
TABLE = "<table><tr><td>姓名</td><td>得分</td></tr><tr><td>赵一鸣</td><td>96.5</td></tr></table>"
TEASER = (
    "<div><h3><a href=/p/{0}>临溪市总工会第{0}次送清凉</a></h3>"
    "<p>{0}月8日，临溪市总工会到工地看望建筑工人，送去西瓜、绿豆汤和药箱，工人们说凉到了心里，市总工会的同志"
    "还登记了十一条意见，答应月底以前逐条答复，并把结果贴到工棚的公示栏里，请大家监督...</p></div>"
)
NEIGHBOUR = "<p>下一篇：<a href=/p/2>临溪市总工会召开例会</a></p>"
CAPTION = f"<div class=caption><h4>“{TITLE}” 的相关文章</h4></div>"


def _read(text: str, below: str) -> Article:
    page = (
        f"<html><head><title>{TITLE} - 东河县总工会</title></head><body><div class='main fixed'>"
        f"<div class=content><div class=post><h1>{TITLE}</h1>"
        "<div class=info><span>gonghui</span><span>2024-03-02</span></div>"
        f"<div class=single>{text}</div><p>版权声明：转载请注明出处。</p><p>本文链接：<a href=#>http://127.0.0.1/p/9</a></p></div>"
        f"{below}</div></div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://a.example/p/9", text=page, encoding="utf-8")).article
    assert found is not None
    return found


@pytest.mark.parametrize("mark", [NEIGHBOUR, CAPTION, NEIGHBOUR + CAPTION])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_teasers_of_other_articles_are_no_text(mark: str, count: int) -> None:
    """Below 下一篇 or 相关文章 titles with the starts of their texts add nothing, be they one or six."""
    below = mark + "".join(TEASER.format(number) for number in range(1, count + 1))
    assert _read(f"<p>{TEXT}</p>", below).body_text == TEXT


@pytest.mark.parametrize(
    "text", ["<p><img src=/u/1.jpg></p>", "<p><a href=/u/1.pdf>东河县总工会决算.pdf</a></p>", TABLE]
)
def test_an_article_of_few_words_stays_one_above_teasers(text: str) -> None:
    """A picture, a file or a table is the article; a mark, an address and the teasers make no list of it."""
    article = _read(text, NEIGHBOUR + CAPTION + "".join(TEASER.format(number) for number in range(1, 7)))
    assert "临溪" not in article.body_text
    assert len(article.images) + len(article.attachments) + article.body_text.count("96.5") == 1


def test_running_text_below_a_neighbour_stays_text() -> None:
    """Where 下一篇 stands above the text, only what stands below a later mark is cut off."""
    page = f"<p>导读</p>{NEIGHBOUR}<p>{TEXT}</p><p>{TEXT[:-1]}，还书的人也多。</p>"
    article = _read(page, CAPTION + TEASER.format(1))
    assert article.body_text.endswith(f"{TEXT}\n{TEXT[:-1]}，还书的人也多。")
