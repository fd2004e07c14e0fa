"""Every reason why a page or a visit failed, declared once; ``docs/outcomes.md`` holds the same table.

Reasons are made here alone: by `_declare`, and for HTTP statuses that the table does not
name by `unioncrawl.outcomes.reason_of_status`.
"""

from __future__ import annotations

from typing import Final

from unioncrawl.outcomes.outcome import Cause, Outcome, Owed, PageKind, Reason, Stage

TABLE: dict[str, Outcome] = {}
_SOON, _RARELY, _NEVER = Owed.SOON, Owed.RARELY, Owed.NEVER
_FETCH: Final[tuple[Stage, ...]] = ("fetch",)
# A list page's own reading is recorded at the stage fetch.
READ: Final[tuple[Stage, ...]] = ("extract", "fetch")
_UNPACK: Final[tuple[Stage, ...]] = ("decode", "fetch")
_VALIDATE: Final[tuple[Stage, ...]] = ("validate",)
_ARCHIVE: Final[tuple[Stage, ...]] = ("archive",)
_Where = tuple[tuple[Stage, ...], PageKind | None, Cause]
_NETWORK: Final[_Where] = (_FETCH, None, Cause.NETWORK)
_RULE: Final[_Where] = (_FETCH, None, Cause.RULE)
# Another project's item may bring such an address: it is refused where the item is validated.
_ADDRESS: Final[_Where] = (("fetch", "validate"), None, Cause.RULE)
_WALL: Final[_Where] = (READ, PageKind.BLOCKED, Cause.WALL)
SERVER: Final[_Where] = (READ, PageKind.BLOCKED, Cause.SERVER)
_ABSENT: Final[_Where] = (READ, PageKind.NOT_FOUND, Cause.PAGE)
_SHELL: Final[_Where] = (READ, PageKind.SHELL, Cause.PAGE)
_UNREAD: Final[_Where] = (_UNPACK, PageKind.UNREADABLE, Cause.PAGE)
_UNSOUND: Final[_Where] = (_VALIDATE, PageKind.ARTICLE, Cause.PAGE)
_OWN: Final[_Where] = (_ARCHIVE, PageKind.ARTICLE, Cause.OURS)
_LISTED: Final[_Where] = (_FETCH, PageKind.LIST, Cause.PAGE)


def _declare(where: _Where, owed: Owed, reason: str, english: str, chinese: str) -> Reason:
    """Enter a reason into the table."""
    made = Reason(reason)
    TABLE[reason] = Outcome(made, *where, owed, english, chinese)
    return made


# No page came.
DNS = _declare(_NETWORK, _SOON, "dns", "The host's name could not be resolved.", "域名无法解析。")
REFUSED = _declare(_NETWORK, _SOON, "refused", "The host refused the connection.", "主机拒绝连接。")
TIMEOUT = _declare(_NETWORK, _SOON, "timeout", "The answer did not come in time.", "等待应答超时。")
CUT_OFF = _declare(_NETWORK, _SOON, "cut-off", "The answer broke off.", "传输中断。")
TLS_OLD_VERSION = _declare(
    _NETWORK,
    _SOON,
    "tls-old-version",
    "The server speaks only a version of TLS from before 2008 (1.0 or 1.1).",
    "服务器只支持旧版 TLS（1.0 或 1.1）。",
)
TLS_OLD_RENEGOTIATION = _declare(
    _NETWORK,
    _SOON,
    "tls-old-renegotiation",
    "The server knows no secure renegotiation of TLS (RFC 5746).",
    "服务器不支持安全的 TLS 重新协商（RFC 5746）。",
)
TLS_WEAK_KEY = _declare(
    _NETWORK, _SOON, "tls-weak-key", "The server's key for TLS is too short.", "服务器的 TLS 密钥过短。"
)
TLS_NO_CIPHER = _declare(
    _NETWORK,
    _SOON,
    "tls-no-cipher",
    "The server and the crawler have no cipher of TLS in common.",
    "服务器与爬虫没有共同的 TLS 加密套件。",
)
TLS_CERTIFICATE = _declare(
    _NETWORK,
    _SOON,
    "tls-certificate",
    "The server's certificate does not hold, and certificates are to be verified.",
    "服务器证书无效，而设置要求验证证书。",
)
TLS_FAILED = _declare(
    _NETWORK,
    _SOON,
    "tls-failed",
    "No connection over TLS could be made; the detail has OpenSSL's words.",
    "无法建立 TLS 连接，详情为 OpenSSL 的说明。",
)
BODY_CUT = _declare(
    _NETWORK,
    _SOON,
    "body-cut",
    "The page ended too early; a new article is stored as far as it came.",
    "页面内容不完整；新文章按已收到的部分保存。",
)
UNCAPTURED = _declare(
    (_FETCH, None, Cause.OURS), _SOON, "uncaptured", "Our disk took no capture.", "本机磁盘无法保存原始响应。"
)
ROBOTS = _declare(_RULE, _RARELY, "robots", "The site's robots.txt forbids it.", "网站 robots.txt 不允许。")
ROBOTS_UNREACHABLE = _declare(
    _NETWORK,
    _SOON,
    "robots-unreachable",
    "robots.txt could not be fetched, so nothing of the host was requested.",
    "无法取得 robots.txt，因此没有请求该主机的任何页面。",
)
REDIRECT_LOOP = _declare(
    _NETWORK, _RARELY, "redirect-loop", "One redirect led to the next without end.", "重定向次数过多。"
)
IGNORED = _declare(
    (_FETCH, None, Cause.OURS),
    _RARELY,
    "ignored",
    "Another component dropped the request.",
    "请求被其他组件丢弃。",
)
INTERNAL_ERROR = _declare(
    (("fetch", "extract", "pipeline"), None, Cause.OURS),
    _RARELY,
    "internal-error",
    "Our own code failed; the detail names the error.",
    "本程序出错，详情见 detail。",
)
NOT_REACHED = _declare(
    (_FETCH, None, Cause.OURS),
    _SOON,
    "not-reached",
    "A list named it, and the run ended before it came to it.",
    "列表中有此网址，但本次运行在访问前已结束。",
)
LOST = _declare(
    (_FETCH, None, Cause.OURS),
    _SOON,
    "lost",
    "A list named it, it was asked for, and nothing came of it.",
    "列表中有此网址，也已请求，但没有任何结果。",
)
DROPPED = _declare(
    (("pipeline",), None, Cause.OURS),
    _RARELY,
    "dropped",
    "Another pipeline dropped the article.",
    "文章被其他管道丢弃。",
)

# The gate refused the address.
ADDRESS_TOO_LONG = _declare(
    _RULE, _NEVER, "address-too-long", "The address is longer than servers take.", "网址过长。"
)
ADDRESS_INVALID = _declare(
    _ADDRESS, _NEVER, "address-invalid", "The address has no single reading.", "网址无法解读。"
)
ADDRESS_SCHEME = _declare(
    _ADDRESS, _NEVER, "address-scheme", "The address is neither http nor https.", "网址不是 http 或 https。"
)
ADDRESS_USERINFO = _declare(
    _ADDRESS, _NEVER, "address-userinfo", "The address holds a user name.", "网址中带有用户名。"
)
ADDRESS_PRIVATE = _declare(
    _RULE, _RARELY, "address-private", "The address leads to a private network.", "网址指向内部网络。"
)
ADDRESS_HOST = _declare(
    _RULE, _RARELY, "address-host", "The site file names no such host.", "网站文件中没有这个主机。"
)
COUNTER_BODY = _declare(
    _RULE,
    _NEVER,
    "counter-body",
    "The counter's body is in no known form.",
    "点击量请求的内容不属于已知形式。",
)

# A wall, by what it sends or says.
ALIYUN = _declare(_WALL, _RARELY, "aliyun-challenge", "A challenge of 阿里云.", "阿里云验证页面。")
JIASULE = _declare(_WALL, _RARELY, "jiasule-challenge", "A challenge of 加速乐.", "加速乐验证页面。")
RUISHU = _declare(_WALL, _RARELY, "ruishu-challenge", "A challenge of 瑞数.", "瑞数验证页面。")
CLOUDFLARE = _declare(
    _WALL, _RARELY, "cloudflare-challenge", "A challenge of Cloudflare.", "Cloudflare 验证页面。"
)
COOKIE_CHALLENGE = _declare(
    _WALL,
    _RARELY,
    "cookie-challenge",
    "A script sets a cookie and loads again.",
    "页面只用脚本设置 Cookie 后重载。",
)
WAF_PAGE = _declare(_WALL, _RARELY, "waf-page", "A firewall's page says no.", "防火墙拦截页面。")

# The server's own trouble, with whatever status.
SERVER_ERROR = _declare(
    SERVER, _SOON, "server-error", "The page says that the server failed.", "页面显示服务器出错。"
)
MAINTENANCE = _declare(
    SERVER, _SOON, "maintenance", "The page says that the site is under repair.", "页面显示网站维护中。"
)
EMPTY = _declare(_ABSENT, _RARELY, "empty", "The page is empty.", "页面为空。")

# The site says that there is no article, or shows something else.
SOFT_404 = _declare(
    _ABSENT, _NEVER, "soft-404", "The page says that there is no such article.", "页面显示文章不存在。"
)
SENT_HOME = _declare(
    _ABSENT, _RARELY, "sent-home", "The address leads to the site's home page.", "网址跳转到网站首页。"
)
# The detail is the address of the other article; the archive alone knows that they are two.
OTHER_ARTICLE = _declare(
    (_ARCHIVE, PageKind.NOT_FOUND, Cause.PAGE),
    _NEVER,
    "other-article",
    "The address of a known article shows another one.",
    "已知文章的网址显示的是另一篇文章。",
)
NO_PERMISSION = _declare(
    _ABSENT, _NEVER, "no-permission", "The page asks for a right to read it.", "页面要求访问权限。"
)
EMPTY_LIST = _declare(
    _ABSENT, _NEVER, "empty-list", "The page says that it has nothing to show.", "页面显示暂无内容。"
)
ALERT = _declare(_ABSENT, _NEVER, "alert", "The page is nothing but a message box.", "页面只有提示框。")
NO_TEXT = _declare(
    _ABSENT, _NEVER, "no-text", "The page has pictures and no text.", "页面只有图片，没有文字。"
)
NO_ARTICLE_TEXT = _declare(
    _ABSENT, _NEVER, "no-article-text", "No text of the page is an article's.", "页面没有文章正文。"
)
SPA_SHELL = _declare(_SHELL, _NEVER, "spa-shell", "A script builds the page.", "页面由脚本生成。")
TEMPLATE_SHELL = _declare(
    _SHELL, _RARELY, "template-shell", "The template's places are not filled.", "页面模板未填充内容。"
)
SCRIPT_REDIRECT = _declare(
    _SHELL, _RARELY, "script-redirect", "A script leads elsewhere.", "页面由脚本跳转到别处。"
)
SCRIPT_ONLY = _declare(_SHELL, _RARELY, "script-only", "The page is nothing but scripts.", "页面只有脚本。")
LIST_PAGE = _declare(
    (READ, PageKind.LIST, Cause.PAGE), _NEVER, "list-page", "The page is a list.", "页面是列表。"
)
TWIN = _declare(
    (("extract",), PageKind.ARTICLE, Cause.PAGE),
    _NEVER,
    "twin",
    "Another view of an article that was read.",
    "已读文章的另一种显示页面。",
)
PART_MISSING = _declare(
    (("fetch", "decode", "extract"), None, Cause.PAGE),
    _RARELY,
    "part-missing",
    "A later part of the article did not come; the article is stored without it.",
    "文章的后续页未能取得，已存其余部分。",
)

# What came cannot be read, or goes beyond the bounds.
NOT_A_PAGE = _declare(
    (READ, PageKind.UNREADABLE, Cause.PAGE),
    _NEVER,
    "not-a-page",
    "A file came, and no page.",
    "返回的是文件，不是网页。",
)
NO_HTML = _declare(
    _UNREAD, _RARELY, "no-html", "The page could not be read as HTML.", "页面无法按 HTML 解析。"
)
UNDECODABLE = _declare(
    (("decode", "fetch", "validate"), PageKind.UNREADABLE, Cause.PAGE),
    _RARELY,
    "undecodable",
    "No encoding explains the bytes.",
    "没有编码能解释这些字节。",
)
DAMAGED_PACKING = _declare(
    _UNREAD, _RARELY, "damaged-packing", "The packed body is damaged.", "压缩内容已损坏。"
)
UNPACKS_TOO_LARGE = _declare(
    _UNREAD, _RARELY, "unpacks-too-large", "The body unpacks beyond the bounds.", "解压后超过上限。"
)
TOO_LARGE = _declare(_UNREAD, _RARELY, "too-large", "The page is beyond the bounds.", "页面超过大小上限。")
TOO_COMPLEX = _declare(
    _UNREAD, _RARELY, "too-complex", "The page's elements are beyond the bounds.", "页面元素超过上限。"
)

# The article that was read is unsound, or not for this run.
NO_TITLE = _declare(_UNSOUND, _RARELY, "no-title", "The article has no headline.", "文章没有标题。")
NO_BODY = _declare(
    _UNSOUND, _RARELY, "no-body", "The article has neither text nor picture.", "文章没有正文、图片或附件。"
)
TOO_LONG = _declare(_UNSOUND, _RARELY, "too-long", "A text is longer than the bounds.", "文本超过长度上限。")
TOO_MANY_ITEMS = _declare(
    _UNSOUND,
    _RARELY,
    "too-many-items",
    "It has more items than the bounds allow.",
    "图片、附件等数目超过上限。",
)
FUTURE_DATE = _declare(_UNSOUND, _RARELY, "future-date", "Its date lies in the future.", "发布日期在将来。")
OUTSIDE_WINDOW = _declare(
    (_VALIDATE, PageKind.ARTICLE, Cause.RUN),
    _NEVER,
    "outside-window",
    "Its date lies outside the days that the run was asked for.",
    "发布日期不在本次要求的范围内。",
)

# The archive holds no such value.
UNKEEPABLE_VALUE = _declare(
    _OWN, _RARELY, "unkeepable-value", "A column cannot hold one of its values.", "有数据库列无法保存的值。"
)
UNWRITABLE = _declare(_OWN, _RARELY, "unwritable", "The archive did not take it.", "档案库未能写入。")

# About lists alone: every run walks them anyway.
NO_ARTICLE_ON_LIST = _declare(
    _LISTED, _NEVER, "no-article-on-list", "The list names no article of the site.", "列表中没有本站文章。"
)
TOO_MANY_PAGES = _declare(
    _LISTED, _NEVER, "too-many-pages", "The list has more pages than the bound.", "列表页数超过上限。"
)
TOO_MANY_ENTRIES = _declare(
    _LISTED, _NEVER, "too-many-entries", "The list has more entries than the bound.", "列表条目超过上限。"
)
TOO_MANY_SITEMAPS = _declare(
    _LISTED,
    _NEVER,
    "too-many-sitemaps",
    "The index names more sitemaps than the bound.",
    "站点地图超过上限。",
)
PAGES_UNREAD = _declare(
    _LISTED,
    _NEVER,
    "pages-unread",
    "The list says that it has more pages than could be read.",
    "列表显示的页数多于实际读到的页数。",
)
TOO_MANY_FORM_FIELDS = _declare(
    _LISTED,
    _NEVER,
    "too-many-form-fields",
    "The form for the next list page has more fields than the bound.",
    "翻页表单的字段超过上限。",
)
TOO_MANY_FORM_BYTES = _declare(
    _LISTED,
    _NEVER,
    "too-many-form-bytes",
    "The form for the next list page has more bytes than the bound.",
    "翻页表单的字节数超过上限。",
)

# HTTP statuses. What is not named here goes by its class: `_of_unnamed_status`.
# 444, 567 and 521 are not codes of HTTP: they are marks of the walls in front of Chinese sites;
# 503 is as often a wall's as a server's.
OF_STATUS: dict[int, Reason] = {}


def _declare_status(where: _Where, owed: Owed, reason: str, english: str, chinese: str) -> None:
    """Enter the reason for a status: its number, and the name of the wall where it is one's mark."""
    status = int(reason.partition("-")[0])
    said = (f"HTTP {status}: {english}", f"HTTP {status}：{chinese}")
    OF_STATUS[status] = _declare(where, owed, reason, *said)


_declare_status(_WALL, _RARELY, "401", "the site asks for a login.", "需要登录。")
_declare_status(_WALL, _RARELY, "403", "the site forbids it.", "禁止访问。")
_declare_status(_ABSENT, _NEVER, "404", "there is no such page.", "页面不存在。")
_declare_status(_WALL, _RARELY, "405-waf", "a wall of 阿里云.", "阿里云防火墙拦截。")
_declare_status(SERVER, _SOON, "408", "the server waited in vain.", "请求超时。")
_declare_status(_ABSENT, _NEVER, "410", "the page is gone.", "页面已删除。")
_declare_status(_WALL, _RARELY, "412-ruishu", "a wall of 瑞数.", "瑞数防火墙拦截。")
_declare_status(_WALL, _RARELY, "418", "a wall.", "防火墙拦截。")
_declare_status(SERVER, _SOON, "425", "the server asks to come later.", "服务器要求稍后再试。")
_declare_status(_WALL, _SOON, "429", "too many requests.", "请求过于频繁。")
_declare_status(_WALL, _RARELY, "444", "a wall.", "防火墙拦截。")
_declare_status(_WALL, _SOON, "503", "not available for now.", "服务暂不可用。")
_declare_status(_WALL, _RARELY, "521-jiasule", "a wall of 加速乐.", "加速乐防火墙拦截。")
_declare_status(_WALL, _RARELY, "567", "a wall.", "防火墙拦截。")
