"""A made site: pages of one template, with nav, breadcrumb, sidebar, related links and a foot."""

from __future__ import annotations

from unioncrawl.model import DecodedPage

_PLACES = ["城东", "河西", "南陵", "北坡", "柳林", "青石", "桐山", "雁川", "苇塘", "石桥", "杏花", "白鹭"]
_DEEDS = ["慰问高温岗位职工", "走访困难职工家庭", "开展劳动安全检查", "举办职工技能比赛", "召开集体协商会议"]
_GIFTS = ["防暑药品", "急救箱", "图书", "羽毛球拍", "体检卡", "应急包", "饮水机"]


def headline(number: int) -> str:
    """The headline of an article."""
    return f"{_PLACES[number % 12]}街道总工会{_DEEDS[number % 5]}第{number + 10}场活动"


def paragraphs(number: int) -> list[str]:
    """The text of an article: no two have a paragraph in common."""
    place, deed, gift = _PLACES[number % 12], _DEEDS[number % 5], _GIFTS[number % 7]
    return [
        (
            f"本报讯 近日，{place}街道总工会{deed}，为{number * 7 + 31}名职工送去{gift}，"
            f"{number + 3}家企业的工会主席参加。"
        ),
        (
            f"活动从上午九时开始，工会干部分成{number % 6 + 2}组，来到{place}工业园的车间和工地，"
            f"了解职工的工作环境；现场登记意见{number + 18}条，当天答复{number + 9}条。"
        ),
        f"街道总工会负责人表示，下一步将把{gift}送到更多班组，并在{number % 11 + 2}个社区设立服务点。",
    ]


def page_of(number: int, *, nav: str = "", text: str = "", foot: str = "", below: str = "") -> DecodedPage:
    """An article's page; ``nav``, ``below`` (after the text) and ``foot`` add to its boxes."""
    lines = text or "".join(f"<p>{one}</p>" for one in paragraphs(number))
    columns = ["工会要闻", "基层动态", "通知公告", "政策法规", "劳模风采", "职工服务", "女职工", "网上展厅"]
    menu = "".join(f'<li class="m{i}"><a href="/l/{i}.html">{one}</a></li>' for i, one in enumerate(columns))
    hot = "".join(
        f'<li><a href="/xw/{900 + (number * 3 + i) % 50}.html">{headline(number + i + 40)}</a></li>'
        for i in range(12)
    )
    day = f"2024-0{number % 9 + 1}-1{number % 9}"
    html = f"""<!DOCTYPE html><html><head><title>{headline(number)}_临溪市总工会</title></head>
    <body class="show-{number}"><div class="header"><div class="logo">临溪市总工会</div>
    <ul class="menu">{menu}</ul>{nav}</div>
    <div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/l/0.html">工会要闻</a> &gt; 正文</div>
    <div class="main"><div class="left"><h1 class="title">{headline(number)}</h1>
    <div class="info">发布时间：{day} 来源：临溪工人报 点击量：{number * 13 + 5}</div>
    <div class="content" id="content_{number}">{lines}</div>{below}
    <div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div>
    <div class="side"><div class="tit">热门文章</div><ul class="hot">{hot}</ul></div></div>
    <div class="foot">主办：临溪市总工会 地址：临溪市人民路1号 电话：0000-1234567{foot}</div></body></html>"""
    return DecodedPage(url=f"http://www.linxi-gh.example/xw/{number}.html", text=html, encoding="utf-8")
