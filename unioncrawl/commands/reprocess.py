"""``unioncrawl reprocess``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.reprocess import Outcome, Plan, Report, reprocess, write_outcomes
from unioncrawl.archive.crawl_state.site_models import present_models
from unioncrawl.archive.read.revision_diff import diff_texts
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.query import And, filter_node, parse_query
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.read_errors import reading
from unioncrawl.commands._console import busy
from unioncrawl.commands._drawing import output_console
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    MOST,
    MOST_PROCESSES,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    print_json,
)
from unioncrawl.commands._terminal import say
from unioncrawl.sites.catalogue import load_catalogue, own_folders

app = typer.Typer()
_SHOWN_LENGTH = 60
_SHOWN_PROBLEMS = 20


@app.command()
def reprocess_command(
    *,
    query: Annotated[str, typer.Option(help="Only articles that match, as for search.")] = "",
    site: Annotated[str, typer.Option(help="Only this site.")] = "",
    since: Annotated[str, typer.Option(help="Published on or after this day, month or year.")] = "",
    stage: Annotated[
        Literal["extract", "repair", "normalize"], typer.Option(help="Where in the line to begin.")
    ] = "extract",
    ids: Annotated[
        str, typer.Option(metavar="FIRST-LAST", help="Only the articles with these ids, as 1-2000.")
    ] = "",
    in_full: Annotated[
        bool, typer.Option("--in-full", help="Read every line of each page, without the models of sites.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it nothing is changed.")] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=MOST_PROCESSES, help="Processes at once.")
    ] = os.cpu_count() or 1,
    captures: CapturesOption = None,
    limit: Annotated[int, typer.Option(min=0, max=MOST, help="How many changed articles to list.")] = 20,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Derive everything again from the captures, offline; a dry run unless --apply.

    Exit 1 when captures can't be read, or nothing could be derived.

    Example: unioncrawl reprocess --site practice-mirror --stage repair
    """
    filters = [filter_node(name, value) for name, value in (("site", site), ("since", since)) if value]
    plan = Plan(
        node=And((parse_query(query), *filters)),
        stage=stage,
        captures=captures or captures_folder(archive),
        profiles=load_catalogue(own_folders()).profiles if stage == "extract" else {},
        workers=workers,
        ids=_read_ids(ids),
    )
    with_models = stage == "extract" and not in_full
    report, listed = Report(), list[Outcome]()
    with (
        busy("deriving again", lambda: f"{report.seen:,} articles"),
        Archive.open(archive, create=False) as opened,
        reading(opened.engine) as connection,
    ):
        refuse_unknown_sites(connection, plan.node)
        plan = replace(plan, models=present_models(connection) if with_models else {})
        outcomes = _listing(reprocess(connection, plan, report), listed, limit)
        if apply:
            asked = {"stage": stage, "query": query, "site": site} | ({"ids": ids} if ids else {})
            with opened.run("reprocess", asked, lambda: {"changed": report.changed}) as run_id:
                write_outcomes(opened, outcomes, run_id)
        else:
            for _ in outcomes:
                pass
    _print(report, listed, as_json=as_json, applied=apply)
    if report.failed:
        raise typer.Exit(1)


def _read_ids(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    first, sign, last = text.partition("-")
    if not (first.isdecimal() and sign and last.isdecimal()):
        raise typer.BadParameter("a first and a last id, as 1-2000", param_hint="--ids")
    return int(first), int(last)


def _listing(outcomes: Iterator[Outcome], listed: list[Outcome], limit: int) -> Iterator[Outcome]:
    for outcome in outcomes:
        if outcome.changed and len(listed) < limit:
            listed.append(outcome)
        yield outcome


def _print(report: Report, listed: list[Outcome], *, as_json: bool, applied: bool) -> None:
    if as_json:
        plain: dict[str, Any] = {name: getattr(report, name) for name in ("seen", "same", "changed")}
        plain["by_model"] = report.by_model
        plain |= {"fields": dict(report.fields), "problems": dict(report.problems), "applied": applied}
        plain["unread"] = report.unread
        plain["articles"] = [{"id": one.number, "changed": _changes(one)} for one in listed]
        print_json(plain)
        return
    table = Table("id", "field", "before", "after")
    for outcome in listed:
        for name, (before, after) in _changes(outcome).items():
            table.add_row(str(outcome.number), name, before, after)
    if listed:
        output_console().print(table)
    for problem, count in report.problems.most_common(_SHOWN_PROBLEMS):
        say(f"{count} left as they are: {problem}", err=True)
    if len(report.problems) > _SHOWN_PROBLEMS:
        say(f"{len(report.problems) - _SHOWN_PROBLEMS} more problems; see --json", err=True)
    by_model = f" ({report.by_model} by the model of their site)" if report.by_model else ""
    say(f"{report.seen} derived again{by_model}, {report.changed} differ, {report.same} are the same")
    if report.changed and not applied:
        say("nothing was written; write it with --apply")


def _changes(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """Each changed field with its first difference before and after."""
    return {name: _first_change(outcome, name) for name in outcome.changed}


def _first_change(outcome: Outcome, name: str) -> tuple[str, str]:
    before, after = getattr(outcome.before, name), getattr(outcome.after, name)
    if not isinstance(before, str) or not isinstance(after, str):
        if isinstance(before, tuple):
            return f"{len(before)} {name}", f"{len(after)} {name}"
        return str(before), str(after)
    first = next(change for change in diff_texts(before, after) if not change.is_equal)
    return first.before[:_SHOWN_LENGTH], first.after[:_SHOWN_LENGTH]
