"""``unioncrawl practice-site`` as a user starts it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from tests.processes import HANG_SECONDS, start
from unioncrawl.sites.catalogue import read_site_file

COMMAND = (sys.executable, "-m", "unioncrawl", "practice-site")


def test_serves_until_interrupted_and_shows_the_addresses(tmp_path: Path) -> None:
    """It prints each site's address and how to crawl it, writes site files, and ends well on Ctrl-C."""
    with start(
        (*COMMAND, "--port", "0", "--sites", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        address = re.search(r"http://127\.0\.0\.1:\d+/(?=  practice-asp)", "".join(lines))
        assert address
        with urllib.request.urlopen(address[0] + "robots.txt", timeout=HANG_SECONDS) as answer:  # noqa: S310 - loopback
            assert answer.status == 200
        assert urlsplit(address[0]).netloc in read_site_file(tmp_path / "practice-asp.toml").hosts
        assert "scrapy crawl practice-xunrui" in "".join(lines) + process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=HANG_SECONDS) == 0


def test_taken_port_is_an_error_in_one_line() -> None:
    """A taken port is named with the next step, exit code 1, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            (*COMMAND, "--port", str(min(port, 65530))),
            capture_output=True,
            text=True,
            timeout=HANG_SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
