"""Every error that unioncrawl raises on purpose, in one tree.

::

    UnioncrawlError            url, stage, and what to do next
    ├── DecodeError            bytes that no encoding explains
    ├── ExtractError           a page that could not be read as HTML
    │   ├── PageTooLarge       of more characters than are parsed
    │   ├── PageTooComplex     with more nesting or attributes than the parser bears
    │   └── NotAnArticle       a list, a block page or a page that was not found, read as an article
    ├── SiteFileError          a site file with a wrong or missing key
    ├── ArgumentInvalid        a spider's argument that cannot be read
    ├── SettingInvalid         a setting that cannot be read
    ├── FetchFailed            a page that could not be fetched for a command
    ├── CrawlFailed            a spider's process ended with an error
    ├── LayoutError            a foreign ``spiders`` or ``pipelines`` would be imported
    ├── ProjectExists          a folder that holds a project already
    ├── LexiconError           the statistics file is missing or of another version
    ├── ArchiveError
    │   ├── ArchiveTooNew      written by a newer unioncrawl
    │   ├── ArchiveUnfinished  a copy that has not come to its end
    │   ├── ArchiveUnwritable  the disk, the rights or the server refuse for now
    │   │   └── ArchiveLocked  another process holds the write lock
    │   ├── ArchiveNotFound    no archive at this address
    │   ├── AlertNotFound      no open alert of this kind
    │   ├── ArticleDamaged     a stored article that cannot be read back
    │   ├── ArticleNotFound    no such id or URL in the archive
    │   ├── ArticleWithdrawn   an article that was taken down: its dates are left
    │   ├── CaptureNotFound    no such capture, or its response is not kept
    │   ├── FileUnreadable     a file to import that holds nothing readable
    │   ├── RunNotFound        no such run in the archive
    │   └── SiteUnknown        no such site in the archive
    ├── StreamError            a file that cannot be read to its end, or not be written
    ├── UnpacksTooLarge        a packed body that unpacks beyond the bounds
    ├── QueryError             a search query that cannot be read
    ├── QueryTooCostly         a question that the database does not answer in time
    ├── WatchInvalid           a watch that cannot be, or is not there
    ├── ChannelInvalid         a channel of notices with a wrong or missing key, or no such channel
    ├── ScheduleRefused        the system does not take a schedule, or has another under its name
    ├── QueueUnavailable       no queue of jobs can be here, or its database does not answer
    ├── JobNotFound            no such job in the queue, or none that this can be done to
    ├── AddressRefused         the reader may not listen there, or not under this name
    └── PortTaken              another program has the port
"""

from __future__ import annotations

from unioncrawl import outcomes
from unioncrawl.outcomes import Reason


class UnioncrawlError(Exception):
    """The root: a message, the next step, and where it happened.

    ``url`` is the page concerned (empty without a page), ``stage`` one of
    ``fetch decode extract repair normalize validate archive``.
    """

    def __init__(self, message: str, *, next_step: str = "", url: str = "", stage: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.url = url
        self.stage = stage

    def __str__(self) -> str:
        where = " ".join(part for part in (self.stage, self.url) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.next_step}" if self.next_step else text


class DecodeError(UnioncrawlError):
    """Bytes that no encoding explains."""


class ExtractError(UnioncrawlError):
    """A page that could not be read as HTML; ``reason`` is that of its rejection."""

    reason: Reason = outcomes.NO_HTML


class PageTooLarge(ExtractError):
    """A page of more characters than are parsed."""

    reason = outcomes.TOO_LARGE


class PageTooComplex(ExtractError):
    """A page with more nesting, or more attributes in a tag, than the parser bears."""

    reason = outcomes.TOO_COMPLEX


class NotAnArticle(ExtractError):
    """A page that was to be read as an article, but is not one."""


class SiteFileError(UnioncrawlError):
    """A site file with a wrong or missing key."""


class ScheduleRefused(UnioncrawlError):
    """Files of a schedule that the system does not take, or that would replace somebody else's."""


class ArgumentInvalid(UnioncrawlError):
    """A spider's argument (``-a since=…``) that cannot be read."""


class SettingInvalid(UnioncrawlError):
    """A setting of Scrapy (``UNIONCRAWL_…``) that cannot be read."""


class FetchFailed(UnioncrawlError):
    """A page that could not be fetched for a command."""


class CrawlFailed(UnioncrawlError):
    """A spider's process ended with an error."""


class LayoutError(UnioncrawlError):
    """A foreign ``spiders`` or ``pipelines``, or a stale compiled module, would be imported."""


class ProjectExists(UnioncrawlError):
    """A folder that holds a project already."""


class LexiconError(UnioncrawlError):
    """The statistics file is missing or of another version."""


class ArchiveError(UnioncrawlError):
    """The archive could not be read or written."""


class ArchiveTooNew(ArchiveError):
    """The archive was written by a newer unioncrawl."""


class ArchiveUnfinished(ArchiveError):
    """The archive is a copy that has not come to its end: some of its rows are still missing."""


class ArchiveUnwritable(ArchiveError):
    """The archive can't be read or written for now; the records to be written are not at fault."""


class ArchiveLocked(ArchiveUnwritable):
    """Another process holds the archive's write lock."""


class ArchiveNotFound(ArchiveError):
    """There is no archive at this address."""


class ArticleDamaged(ArchiveError):
    """A stored article that cannot be read back: one of its bytes was changed on the disk."""


class AlertNotFound(ArchiveError):
    """No alert of this kind is open."""


class ArticleNotFound(ArchiveError):
    """The archive has no article with this id or URL."""


class ArticleWithdrawn(ArchiveError):
    """An article that was taken down: neither text nor captures nor history of it are given out."""


class CaptureNotFound(ArchiveError):
    """The archive has no capture with this number, or does not keep its response."""


class FileUnreadable(ArchiveError):
    """A file to import that holds nothing readable."""


class RunNotFound(ArchiveError):
    """The archive has no run with this number."""


class SiteUnknown(ArchiveError):
    """No such site in the archive."""


class StreamError(UnioncrawlError):
    """A file or stream that cannot be read to its end, or not be written."""


class UnpacksTooLarge(UnioncrawlError, ValueError):
    """A packed body that unpacks beyond the bounds; what reads many skips it as one more damaged one."""


class QueryError(UnioncrawlError):
    """A search query that cannot be read.

    ``fault``: a key of `unioncrawl.archive.search.query_faults.FAULTS`, with the ``field`` of a filter;
    ``span``: which characters of the query are at fault, ``None`` where the query as a whole is.
    """

    fault: str = ""
    field: str = ""
    span: tuple[int, int] | None = None


class QueryTooCostly(UnioncrawlError):
    """A question that the database does not answer in time."""


class WatchInvalid(UnioncrawlError):
    """A watch that cannot be, or is not there."""


class ChannelInvalid(UnioncrawlError):
    """A channel of notices with a wrong or missing key, or no such channel."""


class QueueUnavailable(UnioncrawlError):
    """A queue of jobs that can't be in this archive, or can't be asked."""


class JobNotFound(UnioncrawlError):
    """No such job in the queue, or none that this can be done to."""


class AddressRefused(UnioncrawlError):
    """An address that the reader may not listen at, or a name that it is not asked by."""


class PortTaken(UnioncrawlError):
    """Another program has the port that a server wants."""
