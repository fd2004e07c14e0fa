"""``unioncrawl jobs``: what the workers of an archive have to do, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unioncrawl.commands._console import print_table
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.service.jobs.queue_address import refuse_without_queue
from unioncrawl.service.words import Words

if TYPE_CHECKING:
    from unioncrawl.service.jobs.job_records import JobRecord, Overview

app = typer.Typer(
    help="What the workers of an archive have to do.\n\nExample: unioncrawl jobs --state failed",
    invoke_without_command=True,
)

StateOption = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="STATE", help="todo, doing, succeeded, failed, cancelled or aborted."),
]
NumbersArgument = Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Jobs by their number.")]
_HEAD = (
    Words("编号", "id"),
    Words("任务", "task"),
    Words("网站", "site"),
    Words("状态", "state"),
    Words("次数", "tries"),
    Words("时长", "age"),
    Words("工作进程", "worker"),
    Words("说明", "said"),
)
_TITLE = Words("作业：{}；工作进程：{}", "Jobs: {}; workers: {}")
_NONE = Words("无", "none")
_AGAIN = Words("将重新执行：{}", "will run again: {}")
_CANCELLED = Words("已取消：{}", "cancelled: {}")
_ENDING = Words("正在结束：{}", "is ending: {}")
_CUT = Words("仅列出前 {} 个作业；更多请用 --limit。", "only the first {} jobs are listed; for more: --limit")
_ADDED = Words("已加入 {} 个作业：{}", "{} jobs were added: {}")
_NO_FAILED = Words("没有失败的作业。", "No job has failed.")
_SHOWN_CHARACTERS = 60
_MINUTE_SECONDS, _HOUR_MINUTES, _DAY_HOURS = 60, 60, 24


@app.callback()
def jobs(
    context: typer.Context,
    state: StateOption = None,
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many to list.")] = 1_000,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """List the jobs of an archive's queue, its workers, and sessions that are in its way.

    Example: unioncrawl jobs --state failed
    """
    if context.invoked_subcommand is not None:
        return
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.job_records import State, Wanted, overview, queue_of  # noqa: PLC0415 - `scale`

    try:
        states = [State(one) for one in state or ()]
    except ValueError as error:
        raise typer.BadParameter(", ".join(State), param_hint="--state") from error
    with queue_of(archive) as connection:
        seen = overview(connection, Wanted(states, site, limit=limit))
    is_cut = len(seen.jobs) == limit
    if as_json:
        print_json({**_overview_record(seen), "is_cut": is_cut})
        return
    _print(seen, spoken(language))
    if is_cut:
        say(_CUT.of(spoken(language)).format(limit), err=True)


@app.command("show")
def show_job(
    number: Annotated[int, typer.Argument(metavar="ID", help="The job's number.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Print a job with all that happened to it.

    Example: unioncrawl jobs show 17
    """
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.job_records import life_of, queue_of  # noqa: PLC0415 - with `scale` alone

    with queue_of(archive) as connection:
        life = life_of(connection, number)
    record = {**_record(life.job), "events": _plain(life.events), "notes": _plain(life.notes)}
    if as_json:
        print_json(record)
        return
    for name, value in _record(life.job).items():
        say(f"{name}: {value}")
    happened = [(one["at"], str(one["what"])) for one in life.events]
    happened += [(one["at"], f"{one['worker']}: {one['said']}") for one in life.notes]
    for at, what in sorted(happened, key=lambda one: one[0]):
        say(f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC {what}")


@app.command()
def retry(
    numbers: NumbersArgument = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that have failed.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    language: LanguageOption = None,
) -> None:
    """Let jobs run again that failed or were cancelled; one that waits runs at once.

    Example: unioncrawl jobs retry --failed
    """
    if bool(numbers) == failed:
        raise typer.BadParameter("name jobs, or ask for --failed", param_hint="[ID]...")
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.job_records import failed_jobs, queue_of, retry_jobs  # noqa: PLC0415 - `scale`

    with queue_of(archive) as connection:
        chosen = failed_jobs(connection) if failed else numbers or []
        if not chosen:
            say(_NO_FAILED.of(spoken(language)))
            return
        again = retry_jobs(connection, chosen)
    say(_AGAIN.of(spoken(language)).format(", ".join(map(str, again))))


@app.command()
def cancel(
    numbers: NumbersArgument = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    language: LanguageOption = None,
) -> None:
    """Cancel jobs; one that runs ends gracefully, and what it has fetched is stored.

    Example: unioncrawl jobs cancel 17
    """
    if not numbers:
        raise typer.BadParameter("name jobs", param_hint="[ID]...")
    refuse_without_queue(archive)
    from unioncrawl.service.jobs.job_records import cancel_jobs, queue_of  # noqa: PLC0415 - with `scale` alone

    with queue_of(archive) as connection:
        cancelled, ending = cancel_jobs(connection, numbers)
    for words, found in ((_CANCELLED, cancelled), (_ENDING, ending)):
        if found:
            say(words.of(spoken(language)).format(", ".join(map(str, found))))


@app.command("add", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def add_job(
    context: typer.Context,
    command: Annotated[str, typer.Argument(metavar="COMMAND", help="reprocess, import or repair.")],
    each: Annotated[int, typer.Option(min=1, max=MOST, help="Articles a job of reprocess.")] = 2_000,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    language: LanguageOption = None,
) -> None:
    """Let workers do a command: a job for each file of import and repair, or each stretch of articles.

    Example: unioncrawl jobs add import old-2009.csv old-2010.csv --mapping old.toml
    """
    refuse_without_queue(archive)
    from unioncrawl.commands._adding import jobs_of  # noqa: PLC0415 - loads the command that is named
    from unioncrawl.service.jobs.job_records import add_jobs, queue_of  # noqa: PLC0415 - with `scale` alone

    split = jobs_of(command, context.args, archive, each)
    with queue_of(archive) as connection:
        added = add_jobs(connection, command, split)
    say(_ADDED.of(spoken(language)).format(len(added), ", ".join(map(str, added))))


def _print(seen: Overview, language: str) -> None:
    counts = ", ".join(f"{state} {number}" for state, number in seen.counts.items())
    workers = ", ".join(sorted({str(one["name"] or one["id"]) for one in seen.workers}))
    none = _NONE.of(language)
    title = _TITLE.of(language).format(counts or none, workers or none)
    print_table(title, [one.of(language) for one in _HEAD], [_row(job) for job in seen.jobs])
    for one in seen.long_transactions:
        say(f"unioncrawl: {one.said}", err=True)


def _row(job: JobRecord) -> list[str]:
    task = f"{job.task} ({job.kind})" if job.kind else job.task
    state = f"{job.state}, to end" if job.is_to_end else job.state
    said = job.said.strip().rpartition("\n")[2][:_SHOWN_CHARACTERS]
    return [str(job.id), task, job.site, state, str(job.attempts), _age(job.made_at), job.worker, said]


def _age(made_at: datetime | None) -> str:
    if made_at is None:
        return ""
    minutes = int((datetime.now(UTC) - made_at).total_seconds()) // _MINUTE_SECONDS
    hours, minutes = divmod(minutes, _HOUR_MINUTES)
    days, hours = divmod(hours, _DAY_HOURS)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min"


def _overview_record(seen: Overview) -> dict[str, Any]:
    return {
        "jobs": [_record(job) for job in seen.jobs],
        "counts": seen.counts,
        "workers": _plain(seen.workers),
        "long_transactions": [
            {
                "pid": one.pid,
                "application_name": one.application_name,
                "state": one.state,
                "seconds": one.seconds,
            }
            for one in seen.long_transactions
        ],
    }


def _record(job: JobRecord) -> dict[str, Any]:
    times = {"made_at": job.made_at, "last_at": job.last_at, "scheduled_at": job.scheduled_at}
    return {
        "id": job.id,
        "task": job.task,
        "site": job.site,
        "kind": job.kind,
        "arguments": job.given.get("arguments", []),
        "state": job.state,
        "attempts": job.attempts,
        **{name: at and at.astimezone(UTC).isoformat() for name, at in times.items()},
        "worker": job.worker,
        "is_to_end": job.is_to_end,
        "said": job.said,
    }


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]
