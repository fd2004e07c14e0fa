"""What people give us, such as mappings, arguments, days and addresses: hypothesis looks for what breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.crawl.arguments import KNOWN_ARGUMENTS, read_arguments
from tests.fuzz.oracles import check_error
from tests.fuzz.test_parsers import UNHURRIED
from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.archive.imports.column_mapping import MAPPED, read_mapping
from unioncrawl.errors import ArchiveError, ArgumentInvalid
from unioncrawl.sites.address_pattern import address_pattern

VALUES = st.recursive(
    st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
_KEYS = st.sampled_from(["site", "table", "fields", "title", "x"])


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(_KEYS, VALUES, max_size=4), st.dictionaries(st.sampled_from(MAPPED), VALUES, max_size=3)
)
def test_mapping_of_any_shape_is_read_or_reported(
    tmp_path: Path, entries: dict[str, Any], fields: dict[str, Any]
) -> None:
    """A mapping file of any values is a mapping of texts, or an error with the next step."""
    path = tmp_path / "m.toml"
    whole = {**entries, "fields": entries.get("fields", fields)}
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in whole.items()), "utf-8")
    try:
        read = read_mapping(path, "")
    except ArchiveError as error:
        check_error(error)
        return
    assert all(isinstance(value, str) for value in read.fields.values())


ARGUMENTS = st.text(max_size=12) | st.sampled_from(
    [
        "1",
        "0",
        "yes",
        "-1",
        "２",
        "9" * 5000,
        "2024-02-30",
        "2024-W01-1",
        "20240408",
        "0001-01-01",
        "9999-12-31",
    ]
)


@given(st.dictionaries(st.sampled_from([*KNOWN_ARGUMENTS, "x"]), ARGUMENTS, max_size=4))
def test_arguments_are_read_or_reported(given_arguments: dict[str, str]) -> None:
    """Any value of -a is read, or reported with its name and what is allowed."""
    try:
        read = read_arguments(given_arguments)
    except ArgumentInvalid as error:
        check_error(error)
        return
    assert read.max_pages >= 0
    assert not (read.since and read.until) or read.since < read.until


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.integers(0, 10**6))
def test_a_day_that_is_asked_for_is_in_the_window(day: date, pages: int) -> None:
    """A window from a day until the same day is that day."""
    read = read_arguments({"since": str(day), "until": str(day), "max_pages": str(pages)})
    assert read.max_pages == pages
    assert read.since is not None
    assert read.until is not None
    assert read.since.date() == day
    assert read.until - read.since == timedelta(days=1)


DIGITS = st.lists(
    st.sampled_from(
        (
            *("13912345678", "010-68591234", "11010519491231002X", "6222021234567890128", "12351", "电话："),
            *(
                "139 1234 5678",
                "１３９１２３４５６７８",
                "+86",
                "-",
                " ",
                ".",
                ",",
                "、",
                "或",
                "（",
                "0971",
                "元",
                "X",
            ),
            *("点击量", "账号", "卡号", "http://a.example/13912345678", "2024-04-08", "张三", "\n"),
        )
    ),
    max_size=9,
).map("".join)


@UNHURRIED
@given(DIGITS)
def test_masking_hides_digits_and_nothing_else(text: str) -> None:
    """What is masked is a digit (or the X of an identity number); all else stays in its place."""
    masked = mask_numbers(text)
    assert len(masked) == len(text)
    for before, after in zip(text, masked, strict=True):
        assert before == after or (after == "*" and (before.isdecimal() or before in "Xx"))


@given(
    st.from_regex(re.compile(r"\A1[3-9]\d{9}\Z", re.ASCII)),
    st.sampled_from(["", "联系人张三", "电话：", "（", "手机号码"]),
)
def test_a_mobile_number_is_masked_wherever_it_stands(number: str, before: str) -> None:
    """The middle of a mobile number is never exported."""
    assert number not in mask_numbers(f"{before}{number}。")


PARTS = st.text("abXY019-._~%()+'[]*?$^|\\工", min_size=1, max_size=8)


@given(
    st.lists(PARTS, min_size=1, max_size=3),
    st.lists(st.integers(1, 10**6), min_size=4, max_size=8, unique=True),
)
def test_pattern_of_addresses_matches_them(folders: list[str], numbers: list[int]) -> None:
    """The expression made of titles' addresses can be compiled, and matches each of them."""
    titles = [f"http://a.example/{'/'.join(folders)}/{number}.html" for number in numbers]
    pattern = address_pattern(titles)
    with suppress(ValueError):  # what stands in the folders may make it no address
        assert all(re.search(pattern, title) for title in titles)
