"""How a site answers at first, one answer for each reason that an answer can give."""

from __future__ import annotations

import gzip

from tests.guard.hostile import Answer, moved, page
from tests.spiders.canned import listing
from unioncrawl import outcomes
from unioncrawl.outcomes import Reason, reason_of_status

MAX_BODY_BYTES = 300_000
_STATUSES: tuple[int, ...] = (400, 401, 403, 404, 405, 408, 410, 412, 418, 425, 429, 444, 451)
_STATUSES += (500, 502, 503, 504, 520, 521, 522, 567, 599)
_BODIES = {
    outcomes.ALIYUN: "<script>var arg1='0123456789ABCDEF0123456789';</script>",
    outcomes.JIASULE: "<script>var a='__jsl_clearance';</script>",
    outcomes.RUISHU: "<script>$_ts=window['$_ts'];</script>",
    outcomes.CLOUDFLARE: "<title>Just a moment...</title>",
    outcomes.COOKIE_CHALLENGE: "<script>document.cookie='a=1';location.reload();</script>",
    outcomes.WAF_PAGE: "<p>您的请求存在威胁，已被拦截</p>",
    outcomes.SERVER_ERROR: "<p>数据库连接失败</p>",
    outcomes.MAINTENANCE: "<p>网站维护中，请稍后再来。</p>",
    outcomes.EMPTY: "",
    outcomes.SOFT_404: "<p>此信息不存在</p>",
    outcomes.NO_PERMISSION: "<p>请先登录</p>",
    outcomes.EMPTY_LIST: "<p>暂无内容</p>",
    outcomes.ALERT: "<script>alert('编号有误');</script>",
    outcomes.NO_TEXT: "<img src='a.jpg'>",
    outcomes.NO_ARTICLE_TEXT: "<p>你好</p>",
    outcomes.SPA_SHELL: "<div id='app'></div><script src='a.js'></script>",
    outcomes.TEMPLATE_SHELL: "<h1>{{title}}</h1><div>{{content}}</div>",
    outcomes.SCRIPT_REDIRECT: "<script>location.href='/elsewhere';</script>",
    outcomes.SCRIPT_ONLY: "<script>var a=1;</script>",
    outcomes.LIST_PAGE: listing([f"/xwdt/2025-02-{n:02d}/{n}.html" for n in range(1, 20)]),
    outcomes.TOO_COMPLEX: "<div>" * 3000,
}


def _hang_up() -> None:
    """Break the connection before the last byte."""
    raise ConnectionAbortedError


def first_answers(closed: str) -> dict[Reason, Answer]:
    """The answers by reason; at ``closed``, a host that the site file names, nobody listens."""
    answers = {reason_of_status(status): page("<p>出错</p>", status) for status in _STATUSES}
    answers |= {reason: page(body) for reason, body in _BODIES.items()}
    packed = (("Content-Encoding", "gzip"),)
    answers |= {
        outcomes.ROBOTS_UNREACHABLE: moved(f"http://{closed}/a.html"),
        outcomes.BODY_CUT: Answer(b"<html>x", wait=_hang_up),
        outcomes.TOO_LARGE: page("字" * MAX_BODY_BYTES),
        outcomes.UNPACKS_TOO_LARGE: Answer(gzip.compress(bytes(2 * MAX_BODY_BYTES)), headers=packed),
        outcomes.DAMAGED_PACKING: Answer(b"no brotli", headers=(("Content-Encoding", "br"),)),
        outcomes.UNDECODABLE: Answer(b"<html>" + bytes(range(128, 256)) * 40 + b"\x00\x01\x02" * 300),
        outcomes.ADDRESS_HOST: moved("http://elsewhere.example/a.html"),
        outcomes.ADDRESS_PRIVATE: moved("http://127.0.0.9:9/a.html"),
        outcomes.ADDRESS_INVALID: moved("http://[::1/a.html"),
        outcomes.ADDRESS_USERINFO: moved("http://name@elsewhere.example/"),
    }
    return answers
