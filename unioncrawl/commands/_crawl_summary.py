"""What a crawl prints at its end: a row for each site, and below it what went wrong, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from unioncrawl.archive.crawl_state.crawl_runs import SHUT_DOWN, WINDOW_CLOSED
from unioncrawl.archive.crawl_state.entry_ledger import Fate, counted_entries, entries_in_words
from unioncrawl.commands._site_outcome import SiteOutcome
from unioncrawl.commands._terminal import say
from unioncrawl.outcomes import outcome_of
from unioncrawl.service.words import Words, both

INTERRUPTED = Words("采集被中断；已抓取的内容已保存。", "interrupted; what was fetched is stored.")
INTERRUPTED_UNWRITTEN = Words(
    "采集被中断；已抓取的内容未能全部保存，见上文。",
    "interrupted; not all that was fetched is stored, see above.",
)
LEFT_TO_ANOTHER = Words(
    "另一次采集正在进行，本次不再采集。", "another run is at work on it; it is left to that one."
)
_COLUMNS = {
    "site": Words("网站", "site"),
    "new": Words("新增", "new"),
    "revised": Words("修订", "revised"),
    "unchanged": Words("未变", "unchanged"),
    "hits": Words("点击量", "hits"),
    "repaired": Words("修复", "repaired"),
    "rejected": Words("拒收", "rejected"),
    "ended": Words("结束方式", "ended"),
}
_NOT_NUMBERS = ("site", "ended")
_FATES = {
    Fate.STORED: "保存",
    Fate.KNOWN: "已有",
    Fate.OUTSIDE: "不在日期范围内",
    Fate.REJECTED: "拒收",
    Fate.OWED: "待补",
    Fate.MISSING: "下落不明",
}
# The ways in which a run ends; Scrapy's other reasons keep their own names.
_ENDS = {
    "not all stored": "未能全部保存",
    "error": "出错",
    "no article found": "未见文章",
    "finished": "完成",
    "blocked": "网站拒绝",
    "forced": "强行终止",
    SHUT_DOWN: "中断",
    WINDOW_CLOSED: "时段已过",
}
_REJECTED = Words("拒收：{}", "rejected: {}")
_MISSING = Words(
    "列表条目没有结果，下次运行会再次请求：{}",
    "entries without an answer, which the next run asks for: {}",
)
_RETIRED = Words(
    "其版式模型已失效并停用；在学到新模型之前，页面会完整读取：unioncrawl sites model {}",
    "the model of its layouts did not hold and is retired; its pages are read in full until another"
    " is learnt: unioncrawl sites model {}",
)
# What a count of the run says, in the order of the lines.
_REFUSED_AGAIN = Words(
    "网站一再拒绝，采集已终止；请稍后再试。",
    "the site refused again and again, and the crawl was ended; try again later.",
)
_BROKE_OFF = Words(
    "有列表中断，较早的条目可能缺失；下次运行会重新读取。",
    "a list broke off, and older entries may be missing; the next run walks it again.",
)
_BOUND = Words(
    "有列表达到上限，未读到末尾；见 docs/bounds.md。",
    "a list reached a bound and was not walked to its end; see docs/bounds.md.",
)
_TLS = Words(
    "无法与其服务器建立 TLS 连接；处理办法见 docs/politeness.md。",
    "its server could not be reached over TLS; docs/politeness.md says what to do about it.",
)
_NO_ROBOTS = Words(
    "有主机经重试仍未给出完整的 robots.txt：未请求其任何页面；请稍后再试。",
    "a host did not answer, after retries, with a whole robots.txt: none of its pages was requested;"
    " try again later.",
)
_NO_NETWORK = Words(
    "经重试，网络或网站仍无应答；请稍后再试。",
    "the network or the site did not answer, after retries; try again later.",
)
_EMPTY = Words(
    "没有列表列出文章；请检查网站文件中的栏目。",
    "no list showed an article; check the columns in its site file.",
)


def print_outcomes(outcomes: list[SiteOutcome], language: str) -> None:
    """Print the summary table, and below it what went wrong."""
    # At a crawl's end, and not before its first request.
    from rich.table import Table  # noqa: PLC0415

    from unioncrawl.commands._drawing import output_console  # noqa: PLC0415

    table = Table(box=None)
    for name, heading in _COLUMNS.items():
        table.add_column(heading.of(language), justify="left" if name in _NOT_NUMBERS else "right")
    for outcome in outcomes:
        record = outcome_record(outcome)
        ended = str(record["ended"])
        record["ended"] = ended if language == "en" else _ENDS.get(ended, ended)
        table.add_row(*(str(record[name]) for name in _COLUMNS))
    output_console().print(table)
    for outcome in outcomes:
        say_entries(outcome, language)


def say_entries(outcome: SiteOutcome, language: str) -> None:
    """Print what became of a site's entries, and what went wrong."""
    numbers = counted_entries(outcome.stats)
    if numbers is not None:
        say(f"{outcome.site}: {said_entries(numbers).of(language)}")
    for line in _troubles(outcome):
        say(f"{outcome.site}: {line.of(language)}", err=True)


def said_entries(numbers: Mapping[str, int]) -> Words:
    """Return what became of a run's entries.

    >>> said_entries({"total": 5, "stored": 3, "known": 1, "outside": 0, "rejected": 1, "owed": 0}).zh
    '共 5 条：保存 3，已有 1，不在日期范围内 0，拒收 1，待补 0'
    """
    parts = [
        f"{said} {numbers[fate]}"
        for fate, said in _FATES.items()
        if fate is not Fate.MISSING or numbers.get(fate)
    ]
    return Words(f"共 {numbers['total']} 条：{'，'.join(parts)}", entries_in_words(numbers))


def outcome_record(outcome: SiteOutcome) -> dict[str, object]:
    """Return what came of a site's crawl for a machine."""
    return {
        "site": outcome.site,
        "new": outcome.number("archive/new"),
        "revised": outcome.number("archive/revised"),
        "unchanged": outcome.number("archive/unchanged"),
        "hits": outcome.number("archive/observation"),
        "repaired": outcome.number("repair/articles"),
        "rejected": outcome.number("archive/rejection"),
        "rejections": outcome.total("rejected"),
        "entries": counted_entries(outcome.stats),
        "missing": outcome.lines("entries/missing_addresses"),
        "short_lists": outcome.lines("walk/short_lists"),
        "unsaved": outcome.number("archive/unsaved"),
        "ended": _ended(outcome),
        "error": outcome.error,
        "ok": not outcome.failed,
    }


def _ended(outcome: SiteOutcome) -> str:
    if outcome.error:
        return "not all stored" if outcome.is_unwritten else "error"
    return "no article found" if outcome.number("crawl/empty") else outcome.reason


def _troubles(outcome: SiteOutcome) -> Iterator[Words]:
    if outcome.error:
        yield both(outcome.error)
    if rejected := outcome.total("rejected"):
        yield _said_rejections(rejected)
    if missing := outcome.lines("entries/missing_addresses"):
        yield _filled(_MISSING, " ".join(missing))
    if outcome.number("crawl/blocked"):
        yield _REFUSED_AGAIN
    if outcome.number("walk/failed"):
        yield _BROKE_OFF
    yield from map(both, outcome.lines("walk/short_lists"))
    if outcome.number("reading/retired"):
        yield _filled(_RETIRED, outcome.site)
    if outcome.number("walk/limited"):
        yield _BOUND
    if (cause := _cause(outcome)) is not None:
        yield cause


def _said_rejections(rejected: Mapping[str, int]) -> Words:
    """Return how many pages were rejected for each reason, in Chinese with what the reason means.

    >>> _said_rejections({"fetch/timeout": 3, "extract/list-page": 1}).zh
    '拒收：1 × extract/list-page（页面是列表），3 × fetch/timeout（等待应答超时）'
    """
    named = sorted(rejected.items())
    english = ", ".join(f"{number} × {name}" for name, number in named)
    chinese = "，".join(f"{number} × {name}（{_meaning(name)}）" for name, number in named)
    return Words(_REJECTED.zh.format(chinese), _REJECTED.en.format(english))


def _meaning(name: str) -> str:
    return outcome_of(name.rpartition("/")[2]).chinese.rstrip("。")


def _cause(outcome: SiteOutcome) -> Words | None:
    """Why pages did not come, by the first cause that explains the others; None where they came."""
    if any(name.startswith("fetch/tls-") for name in outcome.total("rejected")):
        return _TLS
    if outcome.number("robots/pages_not_asked"):
        return _NO_ROBOTS
    if outcome.number("fetch/network_failures"):
        return _NO_NETWORK
    return _EMPTY if outcome.number("crawl/empty") and not outcome.error else None


def _filled(words: Words, said: str) -> Words:
    return Words(*(one.format(said) for one in words))
