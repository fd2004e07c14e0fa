"""Counters are found in the page itself, and their answers are read."""

from __future__ import annotations

import json

import pytest

from tests.recordings import RecordedCms
from unioncrawl.fields.hits.known_counters import find_counter, is_answer_implausible, read_counter
from unioncrawl.model import Counter

URL = "http://www.example.org/xw/2024/1.html"
VSB = "http://www.example.org/system/resource/code/news/click/dynclicks.jsp"
# Each line of field-notes 3.1: what the page holds, the family, the request.
PAGES = [
    (
        "<script src=/e/public/ViewClick/?classid=12&id=79&addclick=1></script>",
        "empirecms",
        "http://www.example.org/e/public/ViewClick/?classid=12&id=79&addclick=1",
    ),
    (
        'url:"/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=8", dataType: "jsonp"',
        "xunrui",
        "http://www.example.org/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=8",
    ),
    (
        '<script src="/index.php?c=api&amp;m=hits&amp;module=news&amp;id=8"></script>',
        "xunrui",
        "http://www.example.org/index.php?c=api&m=hits&module=news&id=8",
    ),
    (
        '<script src="http://a.example.org/api.php?op=count&id=34&modelid=1"></script>',
        "phpcms",
        "http://a.example.org/api.php?op=count&id=34&modelid=1",
    ),
    (
        '<span class="WP_VisitCount" url="/_visitcountdisplay?siteId=71&type=3&articleId=567">10</span>',
        "generic",
        "http://www.example.org/_visitcountdisplay?siteId=71&type=3&articleId=567",
    ),
    (
        '<script src="/plus/count.php?view=yes&aid=10&mid=1"></script>',
        "dedecms",
        "http://www.example.org/plus/count.php?view=yes&aid=10&mid=1",
    ),
    (
        '_showDynClicks("wbnews", 1412614994, 1081)',
        "vsb",
        f"{VSB}?clickid=1081&owner=1412614994&clicktype=wbnews",
    ),
    (
        'Cms.viewCount("/cms","7788");',
        "jeecms",
        "http://www.example.org/cms/content_view.jspx?contentId=7788",
    ),
    (
        '<script src="/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID=13"></script>',
        "kesion",
        "http://www.example.org/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID=13",
    ),
    (
        "<script src='/news/GetHits.asp?ArticleID=13'></script>",
        "powereasy",
        "http://www.example.org/news/GetHits.asp?ArticleID=13",
    ),
    (
        '<script src="/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id=9&click=1"></script>',
        "dtcms",
        "http://www.example.org/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id=9&click=1",
    ),
    (
        '<script src="/include/clicknum.jsp?t=news&n=news_id&v=13"></script>',
        "generic",
        "http://www.example.org/include/clicknum.jsp?t=news&n=news_id&v=13",
    ),
    (
        '$.getJSON("/content_view.jspx",{contentId:13},function(d){$("#views").html(d[0]);});',
        "jeecms",
        "http://www.example.org/content_view.jspx?contentId=13",
    ),
]


@pytest.mark.parametrize(("page", "family", "request_url"), PAGES, ids=[page[1] for page in PAGES])
def test_finds_each_familys_counter(page: str, family: str, request_url: str) -> None:
    """The request of each CMS comes out absolute, with its entities read."""
    counter = find_counter(f"<p>{'正文' * 50}</p>{page}", URL)
    assert counter == Counter(url=request_url, family=family)


@pytest.mark.parametrize(
    "address",
    [
        *("/inc/clicknum.asp?id=13", "/inc/ClickCount.php?aid=13", "/js/getClickNews.aspx?id=13"),
        *("/js/articleclick.do?id=13", "/js/Article_Click.jsp?id=13"),
        *(
            "/x/showHits?id=13",
            "/x/HitCount.asp?id=13",
            "/x/hitscount?id=13",
            "/x/GetHits.php?id=13",
            "/hits?id=13",
        ),
    ],
)
def test_finds_counters_of_any_system(address: str) -> None:
    """An address that is called as counters are is asked in its own spelling, whatever stands around it."""
    page = f'<!-- hits --><a onclick="click()">顶</a><script src="{address}"></script>'
    counter = find_counter(page, URL)
    assert counter == Counter(url=f"http://www.example.org{address}", family="generic")


def test_finds_the_post_of_sscms() -> None:
    """SiteServer's counter is a POST whose arguments stand inline."""
    page = (
        '$.ajax({url: "/api/stl/actions/hits", type: "POST", '
        "data: JSON.stringify({siteId: 1, channelId: 64, contentId: 10233, autoIncrease: true})})"
    )
    counter = find_counter(page, URL)
    assert counter is not None
    assert (counter.method, counter.url) == ("POST", "http://www.example.org/api/stl/actions/hits")
    assert json.loads(counter.body) == {
        "siteId": 1,
        "channelId": 64,
        "contentId": 10233,
        "autoIncrease": True,
    }


@pytest.mark.parametrize(
    "page",
    [
        "<p>网络点击量达到10万余次</p>",
        '<script src="/system/resource/code/news/click/clicktimes.jsp?wbnewsid=12&type=wbnewsfile"></script>',
        '<script src="/system/resource/code/news/click/dynclicksbatch.jsp?clickids=1,2,3"></script>',
        '<script src="/e/public/ViewClick/?classid=1&id=2&down=5"></script>',
        '<script src="/e/public/ViewClick/?classid="></script>',
        '<a href="/about/hits.html">点击</a>',
        '<script src="/js/click.jsp?id=13"></script><script src="/js/myhits.asp?id=13"></script>',
    ],
)
def test_asks_nothing_else(page: str) -> None:
    """Prose, counters of files and lists, and requests without an id are no counter of the article."""
    assert find_counter(page, URL) is None


def test_arguments_of_a_post_stand_in_an_object() -> None:
    """A request whose arguments are an object beside the address is posted as the script posts it."""
    counter = find_counter("$.post('/news/updateHits', {'id': '13', type: 'news'}, show);", URL)
    assert counter == Counter(
        url="http://www.example.org/news/updateHits", family="generic", method="POST", body="id=13&type=news"
    )
    assert find_counter("$.post('/news/clickZan', {id: 13}, show);", URL) is None
    assert find_counter("$.get('/news/hits', {page: name}, show);", URL) is None


ANSWERS = [
    ("empirecms", "document.write('4');", 4),
    ("empirecms", "", None),
    ("dedecms", "document.write('123');\r\n", 123),
    ("xunrui", 'cb({"code":1,"msg":2,"data":[]})', 2),
    ("xunrui", '{"code":1,"msg":"2","data":"不重复统计"}', 2),
    ("xunrui", 'cb({"code":0,"msg":"阅读统计: 模块内容不存在","data":[]})', None),
    ("phpcms", "$('#todaydowns').html('1');$('#weekdowns').html('1');$('#hits').html('123');", 123),
    ("phpcms", "$('#todaydowns').html('1');", None),
    ("jeecms", "[12,3,0,1,0]", 12),
    ("sscms", '{"value":77}', 77),
    ("vsb", "307", 307),
    ("vsb", "\ufeff307\r\n", 307),
    ("kesion", "document.write(45)", 45),
    ("generic", '{"wbshowtimes":9,"randomid":"nattach"}', 9),
    ("generic", '{"code":200,"data":{"viewCount":61}}', 61),
    ("generic", '<?xml version="1.0" encoding="utf-8"?>\n<click><num>88</num></click>', 88),
    ("generic", "<html><body>404</body></html>", None),
    ("generic", "true", None),
    ("vsb", "-1", None),
]


@pytest.mark.parametrize(("family", "text", "hits"), ANSWERS)
def test_reads_each_answer(family: str, text: str, hits: int | None) -> None:
    """Each family's answer gives its number; an error or a page gives no number."""
    assert read_counter(Counter(url=URL, family=family), text) == hits


def test_reads_a_running_cms(cms: RecordedCms) -> None:
    """The recorded answers of a XunRui are read; its error gives no number."""
    counter = Counter(url=URL, family="xunrui")
    asked = "/index.php?s=api&c=module&siteid=1&app=news&m=hits&id={}&callback=cb"
    answers = {number: cms.body(asked.format(number)).decode() for number in (8, 7, 9999)}
    found = {number: read_counter(counter, answer) for number, answer in answers.items()}
    assert found == {8: 6, 7: 3, 9999: None}


@pytest.mark.parametrize("number", ["1000000000001", "1" + "0" * 30, "9" * 3900])
@pytest.mark.parametrize("form", ["{}", "document.write('{}');", '{{"msg":{}}}', 'cb({{"hits":"{}"}})'])
def test_a_number_that_no_counter_could_mean_is_none(number: str, form: str) -> None:
    """Over 10^12 an answer gives no hits, and the reason."""
    counter, text = Counter(url=URL, family="generic"), form.format(number)
    assert read_counter(counter, text) is None
    assert is_answer_implausible(counter, text) is (form != "{}" or len(text) < 200)


@pytest.mark.parametrize(
    "text",
    ["[" * 3000, '{"value":' * 300, "<?xml" * 4000, "9" * 5000, '{"msg":1e999}', "(" * 3999, " " * 10**5],
)
def test_an_answer_without_sense_is_none(text: str) -> None:
    """Brackets without end, endless digits and blanks are no number, and no error."""
    for family in ("generic", "phpcms", "xunrui"):
        assert read_counter(Counter(url=URL, family=family), text) is None


def test_a_letter_that_lower_case_makes_longer_moves_no_address() -> None:
    """İ has two characters in lower case; the address after it is read whole all the same."""
    page = '<p>İİİ İzmir 友好工会来访</p><script src="/e/public/ViewClick/?classid=9&id=4"></script>'
    found = find_counter(page, "http://a.cn/x.html", page.lower())
    assert found is not None
    assert found.url == "http://a.cn/e/public/ViewClick/?classid=9&id=4"
