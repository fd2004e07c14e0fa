"""What the default templates of small systems need: PbootCMS, 易优, ThinkCMF, MetInfo, 迅睿, CmsEasy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage, HitsStatus
from unioncrawl.normalize import normalize_article

TITLE = "临溪市总工会为环卫工人送上热姜茶"
TEXT = ("清晨五点，市总工会把热姜茶送到街头。", "“喝一口，浑身都暖了。”环卫工人李素兰说。")
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
OTHERS = "".join(f"<li><a href='/xw/{n}.html'>临溪市总工会召开第{n}次会议</a></li>" for n in range(2, 12))


def read(body: str, url: str = "http://gh.example/index.php?c=show&id=61", title: str = TITLE) -> Article:
    """The article of a page, normalised."""
    page = DecodedPage(
        url=url,
        text=f"<html><head><title>{title}_工会要闻_临溪市总工会</title></head><body>{body}</body></html>",
        encoding="utf-8",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    found = extract_page(page).article
    assert found is not None
    return normalize_article(found)


def test_an_element_named_as_noise_is_none_where_it_holds_the_headline() -> None:
    """The article in ``sidebar-l`` is read; utility classes (text-gray) make no box beside it a text."""
    article = read(
        f"<div class='sidebar-l'><h1>{TITLE}</h1><div class='text-gray'>发布时间：2026-11-20 作者：李方</div>"
        f"{STORY}</div><div class='sidebar-r'><ul class='text-small'>{OTHERS}</ul></div>"
    )
    assert article.title == TITLE
    assert article.body_text.split("\n") == list(TEXT)


@pytest.mark.parametrize(
    "heading",
    ["<h3><a>{}</a></h3>", "<h2><a href='/index.php?c=show&id=61'>{}</a></h2>"],
    ids=["bare", "own"],
)
def test_a_linked_heading_that_the_title_repeats_is_the_headline(heading: str) -> None:
    """A headline in an anchor that leads nowhere or to the page itself is taken as printed."""
    article = read(
        f"<div class='title'>{heading.format(TITLE)}</div><div>{STORY}</div>", title=f"{TITLE}-通知"
    )
    assert article.title == TITLE


def test_the_date_of_a_related_entry_is_no_publish_date() -> None:
    """After the text a day set above its month and a linked title belong to another article."""
    entry = (
        "<div class='date'><span>19</span><p>2026-11</p></div>"
        "<h4><a href='/xw/9.html'>市总工会召开会议部署</a></h4>"
    )
    article = read(
        f"<h1>{TITLE}</h1><div class='lead'>{STORY}</div>" + f"<div class='item'>{entry}</div>" * 3
    )
    assert article.published_at is None


@pytest.mark.parametrize(
    "under",
    [
        "<p>相关热词搜索：<a href='/tag'>工会</a></p>",
        "<div>[<a href='/s'>收藏</a>] [<a href='/f'>评论</a>]</div><div>2</div><div>顶一下</div>",
        "<ul><li>工会: http://gh.example/index.php?s=tag&name=gonghui</li></ul>",
        "<div><p>顶</p><p>踩</p></div>",
        "<div><b>注：本文转载自临溪日报，转载目的在于传递更多信息，并不代表本网赞同其观点。</b></div>",
    ],
)
def test_what_templates_set_under_a_short_story_stays_out(under: str) -> None:
    """Tags, tools, votes and disclaimers in the text's own box are not part of the story."""
    article = read(
        f"<div><h1>{TITLE}</h1><div>时间：2026-11-20 来源：临溪日报</div><div>{STORY}</div>{under}</div>"
    )
    assert article.body_text.split("\n") == list(TEXT)


def test_a_summary_that_repeats_the_beginning_is_left_out() -> None:
    """摘要: with the first words of the text and dots is not a paragraph; a summary of its own is."""
    line = f"<h1>{TITLE}</h1><div>时间：2026-11-20 来源：临溪日报</div>"
    repeated = read(f"{line}<div>摘要: {TEXT[0][:14]}...</div><div>{STORY}</div>")
    assert repeated.body_text.split("\n") == list(TEXT)
    own = read(f"{line}<div><p>摘要：寒潮来了，工会把温暖送到街头。</p>{STORY}</div>")
    assert own.body_text.startswith("摘要：")


@pytest.mark.parametrize(
    "eye",
    [
        "<span><i class='icon wb-eye m-r-5'></i> 437 </span>",
        "<a href='javascript:;'><i class='fa fa-eye'></i><span>437</span></a> <i class='fa fa-star'></i>8",
        "<div class='meta'><img src='/static/eye.png'>437次</div>",
        "<span><i class='icon-view'></i></span><em>437</em>",
    ],
)
def test_the_number_after_an_eye_is_the_hits(eye: str) -> None:
    """Where no label stands, the picture of an eye counts as the label of hits."""
    article = read(f"<h1>{TITLE}</h1><div><span>2026-11-20 09:30</span> {eye}</div><div>{STORY}</div>")
    assert (article.hits, article.hits_status) == (437, HitsStatus.PAGE)


def test_an_eye_before_a_time_shows_no_hits() -> None:
    """What follows the eye must be a count."""
    article = read(f"<h1>{TITLE}</h1><div><i class='fa fa-eye'></i> 09:30 2026-11-20</div><div>{STORY}</div>")
    assert article.hits is None


CALLS = {
    "script": (
        "<script src='../hits/?lang=cn&type=news&vid=61&list=0'></script>",
        "/hits/?lang=cn&type=news&vid=61&list=0",
    ),
    "xhr": (
        '<script>ajax.open("get", "/index.php?m=api&c=Ajax&a=arcclick&aid=61", true);</script>',
        "/index.php?m=api&c=Ajax&a=arcclick&aid=61",
    ),
    "path": (
        "<script>$.get('/info_views/61?updatable=true', show);</script>",
        "/info_views/61?updatable=true",
    ),
    "appended": (
        "<script>var aid = 61; $.get('/api/addview?id=' + aid, show);</script>",
        "/api/addview?id=61",
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_script_that_asks_hits_with_the_pages_own_id_is_the_counter(call: str) -> None:
    """Whatever system it is: an address with a word for hits and the id of the page's own address."""
    script, asked = CALLS[call]
    article = read(f"<h1>{TITLE}</h1><div>2026-11-20 <span id='n'></span>{script}</div><div>{STORY}</div>")
    assert article.counter is not None
    assert article.counter.url == f"http://gh.example{asked}"


def test_a_posted_count_is_asked_with_its_fields() -> None:
    """The options of an ajax call hold address, method and fields."""
    script = "<script>$.ajax({type: 'POST', data: {id: 61}, url: '/article/updateHits'});</script>"
    counter = read(f"<h1>{TITLE}</h1><div>2026-11-20</div><div>{STORY}</div>{script}").counter
    assert counter is not None
    assert (counter.method, counter.url, counter.body) == (
        "POST",
        "http://gh.example/article/updateHits",
        "id=61",
    )


@pytest.mark.parametrize(
    "script",
    [
        "$.get('/index.php?m=digg&a=click&id=61')",
        "$.get('/comment/addclick?id=61')",
        "$.get('/api/addview?id=88')",
        "$.get('//tongji.example/click?id=61')",
        "var own = '/index.php?c=show&id=61'",
    ],
)
def test_other_counts_are_not_asked(script: str) -> None:
    """Votes, comments, other articles' and other hosts' counts, and the page's own address are no counter."""
    assert (
        read(f"<h1>{TITLE}</h1><div>2026-11-20</div><div>{STORY}</div><script>{script}</script>").counter
        is None
    )


def test_a_portals_line_shows_author_and_source() -> None:
    """Discuz parts its labels by strokes and names the source 来自; without a colon the word is prose."""
    line = "2026-11-20 09:30 | 发布者: admin | 查看: 437 | 评论: 0 | 原作者: 李方 | 来自: 临溪日报"
    article = read(f"<h1>{TITLE}</h1><p>{line}</p><div>来自 各县区的选手到场。</div><div>{STORY}</div>")
    assert (article.source, article.author, article.hits) == ("临溪日报", "李方", 437)
