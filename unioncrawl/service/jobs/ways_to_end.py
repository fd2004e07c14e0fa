"""How a job ends that is not done: it runs again later, or it failed and waits for a person."""

from __future__ import annotations

import logging

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from unioncrawl.errors import UnioncrawlError

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 30, 600
_MOST_DOUBLINGS = 10


class AgainLater(UnioncrawlError):
    """A job that is put back into the queue; ``is_now``: for any other worker, at once."""

    def __init__(self, message: str, *, is_now: bool = False) -> None:
        super().__init__(message)
        self.is_now = is_now


class JobFailed(UnioncrawlError):
    """A job that has failed, in words that were said already."""


class PutBack(BaseRetryStrategy):
    """Puts back what says so, with pauses that double from half a minute to ten."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When the job runs again; None where it does not."""
        if not isinstance(exception, AgainLater):
            return None
        return RetryDecision(retry_in={"seconds": 0 if exception.is_now else pause_seconds(job.attempts)})


def pause_seconds(attempts: int) -> int:
    """Return the pause before a job's next try.

    >>> [pause_seconds(attempts) for attempts in (0, 1, 2, 9)]
    [30, 60, 120, 600]
    """
    doubled: int = _FIRST_PAUSE_SECONDS * 2 ** min(attempts, _MOST_DOUBLINGS)
    return min(doubled, _LONGEST_PAUSE_SECONDS)


def keep_ends_out_of_the_log() -> None:
    """Let Procrastinate log no traceback of jobs that end so: it is said in a sentence where it happens."""
    logging.getLogger("procrastinate.worker").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return not isinstance(error, AgainLater | JobFailed)
