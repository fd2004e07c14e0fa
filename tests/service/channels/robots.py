"""A server on loopback that behaves as the robots of 企业微信, 钉钉 and 飞书 do, by their documents.

Each address is a robot with its own settings; a robot checks what the real one checks (key,
keyword, signature, clock, bytes, messages a minute) and refuses with HTTP 200 and a code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "693a91f6-7d0c-4bc4-97a0-0ec2cafe0001"
_HOUR = 3_600
_A_MINUTE = 20


@dataclass
class Robot:
    """A robot of one kind: its settings, what it took, and an answer that it is made to give."""

    kind: str
    secret: str = ""
    keyword: str = ""
    is_disabled: bool = False
    clock_offset_seconds: float = 0.0
    # Raw status, type and body instead of its own answer, once for each entry.
    scripted: list[tuple[int, str, bytes]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0

    def answer(self, address: str, body: bytes) -> dict[str, Any]:
        """Take a message, or refuse it with a code."""
        return _ANSWERS[self.kind](self, parse_qs(urlsplit(address).query), urlsplit(address).path, body)

    def now(self) -> float:
        """The robot's clock."""
        return time.time() + self.clock_offset_seconds


def _wecom(robot: Robot, query: dict[str, list[str]], _: str, body: bytes) -> dict[str, Any]:
    if query.get("key") != [KEY]:
        return {"errcode": 93000, "errmsg": f"invalid webhook url, key {query.get('key')}"}
    message = json.loads(body)
    kind = message.get("msgtype")
    if kind not in {"text", "markdown"}:
        return {"errcode": 40008, "errmsg": "invalid message type"}
    content, most = message[kind]["content"].encode(), {"text": 2_048, "markdown": 4_096}[kind]
    if len(content) > most:
        return {"errcode": 40058, "errmsg": f"{kind}.content exceed max length {most}"}
    if len(robot.taken) >= _A_MINUTE:
        return {"errcode": 45009, "errmsg": "api freq out of limit"}
    robot.taken.append(message)
    return {"errcode": 0, "errmsg": "ok"}


def _dingtalk(robot: Robot, query: dict[str, list[str]], _: str, body: bytes) -> dict[str, Any]:
    if query.get("access_token") != [KEY]:
        return {"errcode": 300005, "errmsg": "token is not exist"}
    if robot.is_disabled:
        return {"errcode": 400102, "errmsg": "机器人已停用"}
    if len(body) > 20_000:
        return {"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"}
    message = json.loads(body)
    written = json.dumps(message.get(message.get("msgtype"), ""), ensure_ascii=False)
    if robot.keyword not in written:
        return {"errcode": 310000, "errmsg": "keywords not in content, more: [https://ding-doc.dingtalk.com]"}
    if robot.secret:
        stamp = query.get("timestamp", ["0"])[0]
        if abs(robot.now() - int(stamp) / 1_000) > _HOUR:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        signed = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)
        if query.get("sign") != [base64.b64encode(signed.digest()).decode()]:
            return {"errcode": 310000, "errmsg": "sign not match"}
    if len(robot.taken) >= _A_MINUTE:
        return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    robot.taken.append(message)
    return {"errcode": 0, "errmsg": "ok"}


def _feishu(robot: Robot, _: dict[str, list[str]], path: str, body: bytes) -> dict[str, Any]:
    if not path.endswith(KEY):
        return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    if len(body) > 20 * 1_024:
        return {"code": 9499, "msg": "Bad Request", "data": {}}
    message = json.loads(body)
    if robot.keyword not in json.dumps(message["content"], ensure_ascii=False):
        return {"code": 19024, "msg": "Key Words Not Found"}
    if robot.secret:
        stamp = message.get("timestamp", "0")
        signed = hmac.new(f"{stamp}\n{robot.secret}".encode(), b"", hashlib.sha256)
        is_late = abs(robot.now() - int(stamp)) > _HOUR
        if is_late or message.get("sign") != base64.b64encode(signed.digest()).decode():
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
    robot.taken.append(message)
    return {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}


def _json(robot: Robot, _query: dict[str, list[str]], _path: str, body: bytes) -> dict[str, Any]:
    robot.taken.append(json.loads(body))
    return {}


_ANSWERS: dict[str, Callable[[Robot, dict[str, list[str]], str, bytes], dict[str, Any]]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "json": _json,
}
PATHS = {
    "wecom": f"/cgi-bin/webhook/send?key={KEY}",
    "dingtalk": f"/robot/send?access_token={KEY}",
    "feishu": f"/open-apis/bot/v2/hook/{KEY}",
    "json": f"/notices/{KEY}",
}


@dataclass
class RobotServer:
    """The robots and where they are asked."""

    url: str
    robots: dict[str, Robot]

    def address(self, name: str) -> str:
        """The secret address of a robot."""
        return f"{self.url}/{name}{PATHS[self.robots[name].kind]}"


@contextmanager
def running_robots(**robots: Robot) -> Iterator[RobotServer]:
    """Robots that are asked over HTTP on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _, name, rest = self.path.split("/", 2)
            robot = robots[name]
            robot.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if robot.scripted:
                status, kind, answer = robot.scripted.pop(0)
            else:
                status, kind = 200, "application/json"
                answer = json.dumps(robot.answer(f"/{rest}", body), ensure_ascii=False).encode()
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", f"http://{self.headers['Host']}/{name}{PATHS[robot.kind]}")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield RobotServer(f"http://127.0.0.1:{server.server_address[1]}", robots)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
