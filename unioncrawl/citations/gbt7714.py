"""References after GB/T 7714, the Chinese standard for bibliographic references, 2025 and 2015.

Both editions as a numeric list has them (顺序编码制), without the number.

What differs for web pages and newspapers online:

=====================  ====================================  ====================================
\u3000                      2015                                  2025 (in force since 2026-07-01)
=====================  ====================================  ====================================
several persons        ``李方, 王建国``                      ``李方，王建国``
more than three        the first three, ``, 等``             the first three, ``，等``
subtitle               ``题名: 副题``                        ``题名：副题``
newspaper online       day of access after day and page      no day of access
=====================  ====================================  ====================================

Sources. 2025: 7.1 (persons), 7.2.3 (subtitles), 7.6 (dates), 8.5.2 and 8.5.3 (newspapers: table 4
has no day of access), 8.11.3 (web pages: created or changed in round brackets, accessed in square
ones, as YYYY-MM-DD), A.1 and A.2 (EB is "网站、网页" now, N newspapers, OL online), and the examples
of B.4 and B.10. 2015: its forms as they are widely used; its text was not read.

How sure this is: the text of the standards is not published freely. Of 2025 a transcription was read,
and the style of zotero-chinese for it (of 2026-01-02); of 2015 nothing in print, but its style of
zotero-chinese. Both styles were run by citeproc-js over the CSL-JSON of twenty references:

- 2025: the same in all but marks. The style sets round brackets and the comma after a newspaper
  full-width in Chinese (``（2026-02-28）``, ``河东工人报，2026-02-28（3）``), as the transcription does not.
- 2015: the same but for the colon before a subtitle, which no style changes within the title of
  CSL-JSON, and for a page of which only the month is known, where the style writes the year.
"""

from __future__ import annotations

from dataclasses import dataclass

from unioncrawl.citations.archive_note import archive_note
from unioncrawl.citations.cited_source import CitedSource, Medium

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition of the standard writes in its own way."""

    between_names: str
    before_subtitle: str
    has_access_day_of_papers: bool


EDITION_2025 = Edition("，", "：", has_access_day_of_papers=False)
EDITION_2015 = Edition(", ", ": ", has_access_day_of_papers=True)


def gbt7714_2025(cited: CitedSource) -> str:
    """Return the reference after GB/T 7714-2025, and the archive's note in a line of its own.

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> page = CitedSource(
    ...     number=12, url="http://lx.example/1", title="临溪职工书屋开放", subtitle="夜班工人有了去处",
    ...     place=Place(key="lxzgh", name="临溪市总工会"), people=((Role.AUTHOR, "李方 王建国"),),
    ...     published_at=datetime(2026, 2, 28, 1, 0, tzinfo=UTC),
    ...     evidence=Evidence(seen_at=datetime(2026, 3, 1, 2, 5, tzinfo=UTC)),
    ... )
    >>> print(gbt7714_2025(page))
    李方，王建国. 临溪职工书屋开放：夜班工人有了去处[EB/OL]. (2026-02-28)[2026-03-01]. http://lx.example/1.
    附注：存档于2026-03-01 10:05:00（UTC+8）。
    """
    return reference(cited, EDITION_2025) + _note(cited)


def gbt7714_2015(cited: CitedSource) -> str:
    """Return the reference after GB/T 7714-2015, and the archive's note in a line of its own.

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> paper = CitedSource(
    ...     number=13, url="http://hd.example/3", title="送清凉到工地", people=((Role.AUTHOR, "李方"),),
    ...     place=Place(key="hd", name="河东工人报（数字报）", level="paper", column="第03版：要闻"),
    ...     published_at=datetime(2026, 2, 28, tzinfo=UTC),
    ...     evidence=Evidence(seen_at=datetime(2026, 3, 1, 2, 5, tzinfo=UTC)),
    ... )
    >>> print(gbt7714_2015(paper).splitlines()[0])
    李方. 送清凉到工地[N/OL]. 河东工人报, 2026-02-28(3)[2026-03-01]. http://hd.example/3.
    >>> print(gbt7714_2025(paper).splitlines()[0])
    李方. 送清凉到工地[N/OL]. 河东工人报, 2026-02-28(3). http://hd.example/3.
    """
    return reference(cited, EDITION_2015) + _note(cited)


def reference(cited: CitedSource, edition: Edition) -> str:
    """Return the reference alone, in one line.

    Without a creator it begins with the title (2025: 7.1.3, 2015: 8.1.2), without a date of
    publishing there are no round brackets: table 11 of 2025 asks for the date "where there is one".
    """
    names = [creator.name for creator in cited.creators]
    shown = [*names[:_MOST_NAMES], "等"] if len(names) > _MOST_NAMES else names
    creators = f"{edition.between_names.join(shown)}. " if shown else ""
    title = edition.before_subtitle.join(filter(None, (cited.headline, cited.subtitle)))
    place = _newspaper(cited, edition) if cited.medium is Medium.NEWSPAPER else _web_page(cited)
    return " ".join(f"{creators}{title}{place}. {cited.url}.".split())


def _web_page(cited: CitedSource) -> str:
    published = f"({cited.day})" if cited.day else ""
    return f"[EB/OL]. {published}[{cited.seen_day}]"


def _newspaper(cited: CitedSource, edition: Edition) -> str:
    page = f"({cited.place.page})" if cited.place.page else ""
    accessed = f"[{cited.seen_day}]" if edition.has_access_day_of_papers else ""
    issue = f", {cited.day}{page}" if cited.day else page
    return f"[N/OL]. {cited.container}{issue}{accessed}"


def _note(cited: CitedSource) -> str:
    return f"\n附注：{archive_note(cited)}。"
