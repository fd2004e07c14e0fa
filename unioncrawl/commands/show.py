"""``unioncrawl show``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.revision_diff import Change, diff_revisions
from unioncrawl.archive.read.story_places import StoryPlace
from unioncrawl.commands._console import Part, print_line, print_table, story_line
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.language.printed_number import small_number
from unioncrawl.model.article_fields import Use, fields_of

app = typer.Typer()
_SHOWN = (*fields_of(Use.SHOWN), "aliases")


@app.command()
def show(
    reference: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's number or URL.")],
    *,
    diff: Annotated[
        str, typer.Option(metavar="A..B", help="What changed between two revisions; 1..2, or last.")
    ] = "",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Show one article with its history, or what changed between two revisions.

    Example: unioncrawl show 12 --diff 1..2
    """
    with archive_to_read(archive) as connection:
        record = full_record(connection, reference)
        if diff:
            before, after = _revisions(diff, record["revision"])
            changes = diff_revisions(connection, record["id"], before, after)
            _print_diff(changes, as_json=as_json)
            return
    if as_json:
        print_json(record)
    else:
        _show(record)


def _revisions(diff: str, newest: int) -> tuple[int, int]:
    if diff == "last":
        return max(1, newest - 1), newest
    before, after = (small_number(part) for part in diff.partition("..")[::2])
    if before is None or after is None:
        raise typer.BadParameter("write two revisions as 1..2, or last", param_hint="--diff")
    return before, after


def _print_diff(changes: dict[str, list[Change]], *, as_json: bool) -> None:
    if as_json:
        plain = {
            name: [{"before": c.before, "after": c.after} for c in some] for name, some in changes.items()
        }
        print_json(plain)
        return
    for name, some in changes.items():
        shown: list[Part] = [(f"{name}: ", "dim")]
        for change in some:
            if change.is_equal:
                shown.append(change.before)
            else:
                # Signs as well as colours, for pipes and for who sees no colour.
                shown.append((f"[-{change.before}-]" if change.before else "", "red"))
                shown.append((f"{{+{change.after}+}}" if change.after else "", "green"))
        print_line(*shown)
    if not changes:
        say("no difference")


def _show(record: dict[str, Any]) -> None:
    print_line((record["title"] or record["url"], "bold"))
    if record["vanished_at"]:
        seen, gone = record["last_seen_at"][:10], record["vanished_at"][:10]
        what = "原站已删除: its site has deleted it"
        if record["shown_instead"]:
            what = f"原网址已换成另一篇文章: its address shows another article, {record['shown_instead']}"
        note = f"{what}; last seen {seen}, found gone by {gone}."
        print_line((note, "yellow"))
    if record["moved_to"]:
        note = f"原站已移址: its site has the story at another address, edited: article {record['moved_to']}."
        print_line((note, "yellow"))
    for name in _SHOWN:
        value = record[name]
        if value not in (None, "", []):
            shown = "  ".join(value) if isinstance(value, list) else str(value)
            print_line((f"{name}: ", "dim"), shown)
    for place in (*record["contains"], *record["contained_in"]):
        print_line(story_line(StoryPlace(**place)))
    print_line(f"\n{record['body_text'] or ''}\n")
    print_table("history", ("when", "what", "more"), _history(record))
    for left in record["unresolved"]:
        print_line((f"unresolved in {left['field']}: {left['reason']}", "yellow"))


def _history(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for row in record["revisions"]:
        steps = len(row["steps"] or ())
        rows.append((row["seen_at"], f"revision {row['number']} ({row['kind']})", f"{steps} repair steps"))
    for row in record["observations"]:
        hits = row["hits"] if row["hits"] is not None else "—"
        rows.append((row["at"], f"点击量 {hits}", row["status"]))
    rows += [(row["at"], "visit in vain", row["reason"]) for row in record["failures"]]
    captures = record["captures"]
    return rows + [(row["fetched_at"], "capture", f"{row['file']} at {row['offset']}") for row in captures]
