"""Two keepers of pauses hold together: a request goes out when both allow it, else neither notes it."""

from __future__ import annotations

from pathlib import Path

from unioncrawl.guard.pace.host_pace import HostPace
from unioncrawl.guard.pace.paces import BothPaces

HOST, LONG_SECONDS = "www.linxi-gh.example", 100.0


def paces(folder: Path) -> tuple[BothPaces, HostPace, HostPace]:
    """Both together, and each of them as another process has it."""
    one, other = folder / "one", folder / "other"
    return BothPaces(HostPace(one), HostPace(other)), HostPace(one), HostPace(other)


def test_each_may_hold_a_request_back(tmp_path: Path) -> None:
    """What waits for one of the two is noted in neither."""
    both, one, other = paces(tmp_path)
    assert one.claim(HOST, LONG_SECONDS) == 0
    assert both.claim(HOST, 0.0) > 0
    assert other.wait_seconds(HOST, LONG_SECONDS) == 0
    assert other.claim("b.example", LONG_SECONDS) == 0
    assert both.claim("b.example", 0.0) > 0
    assert one.wait_seconds("b.example", LONG_SECONDS) == 0


def test_a_request_is_noted_in_both(tmp_path: Path) -> None:
    """Its answer and its holds too; the time since the last one is the shorter of the two."""
    both, one, other = paces(tmp_path)
    assert one.claim(HOST, 0.0) == 0
    assert both.claim(HOST, 0.0) == 0
    assert both.since_last(HOST) is not None
    assert both.since_last("b.example") is None
    both.answered(HOST, LONG_SECONDS)
    both.hold("b.example", LONG_SECONDS)
    for pace in (one, other):
        assert pace.wait_seconds(HOST, 0.0) > LONG_SECONDS - 50
        assert pace.wait_seconds("b.example", 0.0) > LONG_SECONDS - 50
    assert both.unshared == ""
