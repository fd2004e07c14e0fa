"""The practice sites together, over real HTTP."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.errors import PortTaken
from unioncrawl.practice.server import LIST_PATHS, SITE_TYPES, PracticeServer


def test_index_page_lists_every_site_with_its_columns(server: PracticeServer) -> None:
    """The index page links each site and each of its columns."""
    page = Visitor(server.index_url).get("/").text
    for kind in SITE_TYPES:
        assert server.base_urls[kind.site_id] in page
        assert kind.name in page
        for column, _ in LIST_PATHS[kind.site_id]:
            assert column in page


def test_sites_take_the_ports_above_the_index(free_port: int) -> None:
    """With a first port N the index is on N and the sites on N+1 to N+5."""
    with PracticeServer(port=free_port) as server:
        assert server.index_url == f"http://127.0.0.1:{free_port}/"
        ports = [f"http://127.0.0.1:{free_port + place}/" for place in range(1, 6)]
        assert [server.base_urls[kind.site_id] for kind in SITE_TYPES] == ports


def test_taken_port_is_named_with_the_next_step(free_port: int) -> None:
    """A port that another program has is refused by number, and no other port stays taken."""
    with socket.create_server(("127.0.0.1", free_port + 2)):
        server = PracticeServer(port=free_port)
        with pytest.raises(PortTaken, match=rf"port {free_port + 2} .*--port"):
            server.start()
        socket.create_server(("127.0.0.1", free_port)).close()


def test_requests_are_counted_by_site_and_target(server: PracticeServer) -> None:
    """`counts` holds how often each target was asked for."""
    visitor = Visitor(server.base_urls["practice-xunrui"])
    before = server.counts["practice-xunrui", "/robots.txt"]
    visitor.get("/robots.txt")
    visitor.get("/robots.txt")
    assert server.counts["practice-xunrui", "/robots.txt"] == before + 2


def test_one_connection_serves_many_requests(server: PracticeServer) -> None:
    """HTTP/1.1 keep-alive: the second answer comes over the same socket."""
    with Visitor(server.base_urls["practice-xunrui"]) as visitor:
        visitor.get("/")
        first = visitor.socket
        assert visitor.get("/index.php?c=category&id=1").status == 200
        assert first is not None
        assert visitor.socket is first


def test_head_has_the_length_and_no_body(server: PracticeServer) -> None:
    """HEAD answers as GET does, without the body."""
    visitor = Visitor(server.base_urls["practice-xunrui"])
    whole = visitor.get("/index.php?c=show&id=18")
    head = visitor.get("/index.php?c=show&id=18", method="HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) == len(whole.body)


def test_hits_survive_a_restart(tmp_path: Path) -> None:
    """With a state file the counters go on where the last server stopped."""
    state_file = tmp_path / "practice.json"
    target = "/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=18&callback=cb"
    with PracticeServer(port=0, state_file=state_file) as server:
        first = Visitor(server.base_urls["practice-xunrui"]).get(target).text
    with PracticeServer(port=0, state_file=state_file) as server:
        second = Visitor(server.base_urls["practice-xunrui"]).get(target).text
    assert first == 'cb({"code":1,"msg":1034,"data":[]})'
    assert second == 'cb({"code":1,"msg":1035,"data":[]})'
