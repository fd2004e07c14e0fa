"""The forms in which pages print a day and a time, as patterns with named groups."""

from __future__ import annotations

import re

from unioncrawl.fields.dates.clock import HALVES
from unioncrawl.language.zones import ZONE

_SEP = r"\s{0,2}[-/.]\s{0,2}"
# Blanks are never given back: parts that may both take them would take the square of the time.
_NOISE = r"(?:\s|[,，|]|\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\([一二三四五六日]?\s*\)|T(?=\d))*+"
_HALF = rf"(?P<half{{0}}>{'|'.join(HALVES)}|AM|PM|am|pm)?\s*+"
_TIME = (
    rf"(?:{_NOISE}(?:(?P<between>(?:GMT|UTC|格林[尼威]治)(?:标准)?(?:时间)?)\s?)?{_HALF.format('')}"
    r"(?P<hour>\d{1,2})\s?(?:(?::\s?|[时点時點]\s?)(?P<minute>\d{1,2})(?!\d)|[时点時點](?!\d)(?P<quarter>半|[一三]刻)?)"
    r"(?:\s?[:分]\s?(?P<second>\d{1,2})(?!\d)秒?(?:\.\d++)?)?"
    r"\s?分?\s?(?P<after>[AaPp][Mm]\b)?\s?"
    rf"{ZONE}?)?"
)
MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
# Whole names only: a Marathon is no March.
_MONTH_NAME = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t|tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![A-Za-z])"
)
_GAP = r"[\s/.,，-]{1,3}"

# All that a form may begin with: most signs of a line are no start of one.
_STARTS = r"(?=[\dA-Za-z中民])"

# In the order in which they are tried at one place of the text; each names year, month, day.
_WITH_TIME = tuple(
    re.compile(_STARTS + form + _TIME, re.IGNORECASE if "name" in form else 0)
    for form in (
        rf"(?<![\d.])(?P<year>(?:19|20)\d\d){_SEP}(?P<month>\d{{1,2}}){_SEP}(?P<day>[0-3]?\d)(?!\d{{3}}|\d(?!\d?:))",
        r"(?<!\d)(?P<year>20\d\d)\s(?P<month>[01]?\d)\s?[/-]\s?(?P<day>[0-3]?\d)(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d|\d\d)\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号號]?",
        r"(?:中[华華])?民[国國]\s?(?P<since1911>\d{1,3})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?[日号號]?",
        r"(?<![\d.])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>(?:19|20)\d\d)(?!\d)",
        rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?{_GAP}(?:of\s)?{_MONTH_NAME}{_GAP}(?P<year>(?:19|20)\d\d)(?!\d)",
        rf"\b{_MONTH_NAME}{_GAP}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?{_GAP}(?P<year>(?:19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<day>[0-3]\d)\s?/?\s?(?P<year>(?:19|20)\d\d)[-/.年](?P<month>[01]\d)(?![\d/.-])",
        r"(?<!\d)(?P<month>[01]\d)-(?P<day>[0-3]\d)\s?(?P<year>20\d\d)(?!\d)",
        r"(?<![\d-])(?P<year>[0-3]\d)[-/](?P<month>[01]?\d)[-/](?P<day>[0-3]?\d)(?![\d-])",
        r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d{2,})",
    )
)
_COMPACT = re.compile(
    r"(?=\d)(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?!\d)"
)
# What Java prints of a Date: Tue Mar 05 08:15:00 CST 2024.
_JAVA = re.compile(
    rf"\b{_MONTH_NAME}\s(?P<day>[0-3]?\d)\s(?P<hour>[0-2]\d):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)\s{ZONE}\s(?P<year>20\d\d)"
)
# .NET under en-US prints 4/8/2024 9:32:00 AM. Without AM or PM nobody knows which number is the month.
_MONTH_FIRST = re.compile(
    r"(?=\d)(?<![\d/])(?P<month>[01]?\d)/(?P<day>[0-3]?\d)/(?P<year>20\d\d)\s+(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d))?\s?(?P<after>[AP]M)\b"
)
FORMS = (*_WITH_TIME, _COMPACT, _JAVA, _MONTH_FIRST)
# Text without such a sign has no beginning of any form (letters in any case: three forms ignore it).
MAY_BEGIN = re.compile(r"[\dA-Za-z中民]", re.IGNORECASE)
# Seconds or milliseconds since 1970; only where nothing else is printed.
SINCE_1970 = re.compile(r"\s*(?P<seconds>1\d{9})(?P<milliseconds>\d{3})?\s*")
MONTH_ONLY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?:年\s?(?P<month>\d{1,2})\s?月|[-/.](?P<m2>[01]?\d)(?![\d:/.-]))"
)
YEARLESS = re.compile(
    r"(?<![\d年-])(?<!年\s)(?<!\d[/.])(?:(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]?|(?P<m2>[01]?\d)[-/](?P<d2>[0-3]?\d)(?![\d/-]))"
    + _TIME
)
AGO = re.compile(r"(?P<count>\d{1,3}|半)\s?个?(?P<unit>秒钟?|分钟|小时|天|日|周|星期|月)[以之]?前")
DAY_WORD = re.compile(r"(?P<word>刚刚|今天|今日|昨天|昨日|前天)" + _TIME)
