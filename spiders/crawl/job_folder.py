"""The folder of a job (Scrapy's JOBDIR): what a killed crawl left there is put aside.

Scrapy writes the state of its queue when a crawl is closed. After a kill the queue's
files are torn and its list of seen requests names pages that nobody has read, so that
a crawl that went on from there would leave articles out and say nothing.
"""

from __future__ import annotations

import logging
from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.job import job_dir

# Stands in the folder while a crawl runs.
_RUNNING = "crawl.running"
_TORN = ("requests.queue", "requests.seen", "spider.state")
logger = logging.getLogger(__name__)


def open_job(settings: BaseSettings) -> bool:
    """Note that a crawl runs in the job's folder; whether the one before it was killed.

    What that one left is renamed to ``….killed-1``; the archive knows what is missing.
    """
    folder = job_dir(settings)
    if not folder:
        return False
    mark = Path(folder) / _RUNNING
    was_killed = mark.exists()
    if was_killed:
        _put_aside(Path(folder))
    mark.touch()
    return was_killed


def close_job(settings: BaseSettings) -> None:
    """Note that the crawl was closed, so that the next crawl continues where it stopped."""
    folder = job_dir(settings)
    if folder:
        (Path(folder) / _RUNNING).unlink(missing_ok=True)


def _put_aside(folder: Path) -> None:
    number = 1
    while any((folder / f"{name}.killed-{number}").exists() for name in _TORN):
        number += 1
    for path in (folder / name for name in _TORN):
        if path.exists():
            path.rename(path.with_name(f"{path.name}.killed-{number}"))
    logger.warning(
        "The crawl before this one in %s was killed; its queue was put aside (….killed-%d). "
        "This crawl begins anew and asks for what the archive lacks.",
        folder,
        number,
    )
