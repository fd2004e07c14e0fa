"""``unioncrawl work``: do the jobs of an archive's queue, beside any number of other workers."""

from __future__ import annotations

import signal
from typing import Annotated

import typer
from scrapy.settings import Settings

from unioncrawl import settings as defaults
from unioncrawl.archive.capture_folder import CAPTURES_SETTING
from unioncrawl.archive.crawl_state.crawl_runs import UNWRITTEN_EXIT_CODE
from unioncrawl.archive.crawl_state.shared_pace import shared_pace
from unioncrawl.archive.store import Archive
from unioncrawl.commands._capacity import sites_at_once
from unioncrawl.commands._crawl_summary import say_entries
from unioncrawl.commands._crawling import SiteCrawls, run_loop
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say
from unioncrawl.commands._work import Work
from unioncrawl.commands.crawl import project_settings
from unioncrawl.service.jobs.queue_address import name_session, refuse_without_queue
from unioncrawl.service.jobs.worker_name import WorkerName
from unioncrawl.service.words import Words

app = typer.Typer()

AtOnceOption = Annotated[
    int, typer.Option(min=0, max=MOST, help="Sites crawled at once; 0 is UNIONCRAWL_SITES_AT_ONCE.")
]
HeavyOption = Annotated[
    int, typer.Option("--for-heavy", min=0, max=MOST, help="Reprocess, import and repair jobs at once.")
]
EmptyOption = Annotated[
    bool, typer.Option("--until-empty", help="Put what is due into the queue, and end when it is empty.")
]
NameOption = Annotated[str, typer.Option(help="What jobs call this worker; else machine and process.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show Scrapy's and the queue's log.")]
# What asks a worker to stop: Ctrl-C, systemd, a terminal that is closed.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_BEGUN = Words("工作进程 {} 已开始；按 Ctrl-C 停止。", "The worker {} has begun; Ctrl-C stops it.")
_ENDED = Words("工作进程 {} 已结束：队列已空。", "The worker {} has ended: the queue is empty.")
_STOPPED = Words(
    "工作进程 {} 已停止；已抓取的内容均已保存，未完成的作业已放回队列。",
    "The worker {} has stopped; what was fetched is stored, and unfinished jobs are in the queue again.",
)
_FORCED = Words(
    "工作进程 {} 被强行终止；已抓取的内容未能全部保存，其他工作进程会在一分钟内接手其作业。",
    "The worker {} was stopped at once; not all that was fetched is stored, and others take its jobs within"
    " a minute.",
)


@app.command()
def work(
    *,
    at_once: AtOnceOption = 0,
    for_heavy: HeavyOption = 1,
    until_empty: EmptyOption = False,
    name: NameOption = "",
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    verbose: VerboseOption = False,
    language: LanguageOption = None,
) -> None:
    """Crawl the sites of the plan as they become due, and do what else is in the queue.

    Exit 3 when articles are unsaved.

    Example: unioncrawl work --archive postgresql://127.0.0.1/news
    """
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.queue_schema import bring_queue_up_to_date  # noqa: PLC0415 - with `scale` alone

    settings = project_settings(archive, "INFO" if verbose else "WARNING")
    if captures is not None:
        settings.set(CAPTURES_SETTING, str(captures), priority="cmdline")
    defaults.refuse_wrong_settings(settings)
    worker = WorkerName.of_this_process(name)
    name_session(worker.session)
    # An archive that refuses says so before anything begins.
    Archive.open(archive).close()
    bring_queue_up_to_date(archive)
    if at_once:
        settings.set("UNIONCRAWL_SITES_AT_ONCE", at_once, priority="cmdline")
    given = Work(at_once=sites_at_once(settings), for_heavy=for_heavy, until_empty=until_empty)
    _work(settings, worker, given, spoken(language))


def _work(settings: Settings, name: WorkerName, given: Work, language: str) -> None:
    from unioncrawl.commands._crawl_jobs import CrawlJobs  # noqa: PLC0415 - with the extra `scale` alone
    from unioncrawl.commands._working import Worker  # noqa: PLC0415

    shared_pace(str(settings["UNIONCRAWL_ARCHIVE"])).fence = name.session
    crawls = SiteCrawls(settings)
    worker = Worker(CrawlJobs(settings, crawls, language), name, given)
    say(_BEGUN.of(language).format(name.name), err=True)
    # What nohup ignores stays ignored.
    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    run_loop(crawls, worker.run(), worker.stop, heard)
    given_up = crawls.given_up()
    for outcome in given_up:
        say_entries(outcome, language)
    ended = _FORCED if given_up else _STOPPED if crawls.signal else _ENDED
    say(ended.of(language).format(name.name), err=True)
    if given_up:
        raise typer.Exit(UNWRITTEN_EXIT_CODE)
