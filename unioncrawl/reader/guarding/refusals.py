"""What is refused before any page is made, and what is said then, in both languages."""

from __future__ import annotations

from enum import Enum

from starlette.types import Send


class Refusal(Enum):
    """Why a request is refused: the status, and a sentence with the next step in Chinese and English."""

    FOREIGN_HOST = (
        403,
        "此服务不以该主机名应答。请使用启动时显示的地址，或在启动时加 --allow-host 名称。",
        "This reader is not asked by that host name. Use the address that it printed, or --allow-host NAME.",
    )
    NO_TOKEN = (
        401,
        "此服务需要令牌。请用启动时显示的、带 token= 的地址进入，或发送 Authorization: Bearer。",
        "This reader asks for a token. Enter by the address that it printed, or send Authorization: Bearer.",
    )
    WRONG_TOKEN = (403, "令牌不对。", "This is not the reader's token.")
    METHOD = (405, "此服务只供阅读（GET、HEAD）。", "This reader is only read from (GET, HEAD).")
    TOO_LONG = (414, "地址过长。请缩短检索式。", "The address is too long. Shorten the query.")
    NOT_UTF8 = (
        400,
        "地址不是 UTF-8 编码。请重新输入检索词。",
        "The address is not in UTF-8. Type the query again.",
    )
    BODY = (413, "此服务不接收请求正文。", "This reader takes no request body.")


async def refuse(refusal: Refusal, send: Send) -> None:
    """Answer with a refusal, as plain text."""
    status, chinese, english = refusal.value
    body = f"{chinese}\n{english}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if refusal is Refusal.METHOD:
        headers.append((b"allow", b"GET, HEAD"))
    if refusal is Refusal.NO_TOKEN:
        headers.append((b"www-authenticate", b'Bearer realm="unioncrawl"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
