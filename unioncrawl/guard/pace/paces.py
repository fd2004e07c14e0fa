"""What keeps the pauses between requests, and how two such keepers hold together."""

from __future__ import annotations

from typing import Protocol

from unioncrawl.guard.pace.host_pace import HostPace


class Pace(Protocol):
    """Says when a host may be asked next; what each word means is said by `HostPace`."""

    @property
    def unshared(self) -> str:
        """Why the pause is kept within this process alone; empty where it is shared."""

    def claim(self, host: str, pause_seconds: float, crawl: str = "") -> float:
        """Note a request that goes out now and return 0, or return the seconds to wait."""

    def answered(self, host: str, pause_seconds: float) -> None:
        """Let the pause begin anew."""

    def since_last(self, host: str) -> float | None:
        """The seconds between the last request and the one before."""

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host before so many seconds have passed."""


class BothPaces:
    """The pace of this machine, whatever the archive, and that of an archive, on whichever machine."""

    def __init__(self, of_machine: HostPace, of_archive: Pace) -> None:
        self._of_machine, self._of_archive = of_machine, of_archive

    @property
    def unshared(self) -> str:
        """Why this machine's pace is kept within this process alone."""
        return self._of_machine.unshared

    def claim(self, host: str, pause_seconds: float, crawl: str = "") -> float:
        """Claim both, or note the request in neither."""
        return (
            self._of_machine.wait_seconds(host, pause_seconds, crawl)
            or self._of_archive.claim(host, pause_seconds, crawl)
            or self._of_machine.claim(host, pause_seconds, crawl)
        )

    def answered(self, host: str, pause_seconds: float) -> None:
        """Let the pause begin anew in both."""
        self._of_machine.answered(host, pause_seconds)
        self._of_archive.answered(host, pause_seconds)

    def since_last(self, host: str) -> float | None:
        """The shorter of the two: the host was asked by either."""
        found = [pace.since_last(host) for pace in (self._of_machine, self._of_archive)]
        return min((seconds for seconds in found if seconds is not None), default=None)

    def hold(self, host: str, seconds: float) -> None:
        """Hold the host in both."""
        self._of_machine.hold(host, seconds)
        self._of_archive.hold(host, seconds)
