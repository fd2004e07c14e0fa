"""Write invented news into an archive for some seconds, as a crawl does, and print the pace.

python -m bench.material.written_news ARCHIVE SECONDS
"""

from __future__ import annotations

import os
import sys
import time
from random import Random

from bench.material.news import News
from unioncrawl.archive.store import Archive


def write_for(address: str, seconds: float, news: News) -> float:
    """Write as fast as it goes; return the articles of a CPU-second."""
    with Archive.open(address) as archive:
        run, written = archive.begin_run("bench", {}), 0
        start, end = time.process_time(), time.monotonic() + seconds
        for article in news.articles():
            archive.store(article, run)
            written += 1
            if time.monotonic() > end:
                break
        archive.finish_run(run, {}, "finished")
        return written / (time.process_time() - start)


if __name__ == "__main__":
    print(write_for(sys.argv[1], float(sys.argv[2]), News(chance=Random(os.getpid()), drawn=100_000)))
