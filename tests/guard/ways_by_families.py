"""What the lists of special families say so that the machine opens what is not the site's."""

from __future__ import annotations

from tests.guard.attacks import Ground, Way, list_way, xml_answer
from tests.guard.hostile import moved, page
from tests.guard.stories import article, listing


def jcms_ways(ground: Ground) -> list[Way]:
    """What a JCMS site's proxy says of its next group."""
    return [
        _jcms("jcms-group", f"{ground.canary}/jcms-group/dataproxy.jsp?page=2"),
        _jcms("jcms-group-file", f"file://{ground.secrets}/jcms-group-file/20250301/1.html"),
        _jcms("jcms-group-slashes", f"//127.0.0.2:{ground.canary_port}/jcms-group-slashes/p.jsp"),
    ]


def _jcms(name: str, group: str) -> Way:
    own = f"/{name}/20250301/1.html"
    records = (
        f'<datastore><nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup><recordset>'
        f"<record><![CDATA[<li><a href='{own}'>市总工会举办职工技能竞赛</a><span>2025-03-01</span></li>]]>"
        "</record></recordset></datastore>"
    )
    return Way(name, {f"/{name}/list.html": xml_answer(records), own: page(article(1, name))})


def form_ways(ground: Ground) -> list[Way]:
    """What the forms of a WebForms site would have posted, and where to."""
    ways = []
    for name, action in {
        "form-action": f"{ground.canary}/form-action/list.aspx",
        "form-action-file": f"file://{ground.secrets}/form-action-file/20250301/1.html",
    }.items():
        form = (
            f"<form method='post' action='{action}'><input type='hidden' name='__VIEWSTATE' value='/wE='>"
            "<input type='hidden' name='cmd' value='FLUSHALL'>"
            "<a href=\"javascript:__doPostBack('pager','2')\">下一页</a></form>"
        )
        ways.append(list_way(name, after=form))
    state = "<input type='hidden' name='__VIEWSTATE' value='/wE='>"
    moving = f"<form method='post' action='/form-307/post.aspx'>{state}"
    form = f"{moving}<a href=\"javascript:__doPostBack('pager','2')\">下一页</a></form>"
    way = list_way("form-307", after=form)
    answer = moved(f"{ground.canary}/form-307/list.aspx", 307)
    return [*ways, Way("form-307", {**way.pages, "/form-307/post.aspx": answer})]


def paper_ways(ground: Ground) -> list[Way]:
    """Where an e-paper's home page jumps to, and where its issue before is said to lie."""
    to = ground.canary
    return [
        Way(
            "paper-jump",
            {
                "/paper-jump/list.html": page(
                    f"<script>window.location.href='{to}/paper-jump/html/2025-03/12/node_1.htm'</script>"
                )
            },
            keeps=False,
        ),
        Way(
            "paper-link",
            {"/paper-link/list.html": page(f"<a href='{to}/paper-link/html/2025-03/12/node_1.htm'>今日</a>")},
            keeps=False,
        ),
        Way(
            "paper-before",
            {
                "/paper-before/list.html": page(
                    "<script>location.href='/paper-before/html/2025-03/12/node_1.htm'</script>"
                ),
                "/paper-before/html/2025-03/12/node_1.htm": page(
                    listing(
                        ["/paper-before/20250301/1.html"],
                        after=f"<a href='{to}/paper-before/html/2025-03/11/node_1.htm'>上一期</a>",
                    )
                ),
                "/paper-before/20250301/1.html": page(article(1, "paper-before")),
            },
        ),
    ]
