"""The form that addresses of articles have in common: what is open in it, what stays.

Most small systems give each column a folder of its own (``/ghyw/123.html``,
``/jcdt/98.html``): a pattern of one column's addresses would lose all the others,
so that a folder that differs among titles, or that is one of the columns', is open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

# A number, or an opaque id: long, of letters and digits (jngh.org.cn's cVppZzdyeGJCbnow).
_OPEN = re.compile(r"((?<![A-Za-z0-9-])(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{10,}|\d+)")
# A headline as the last part of an address: escaped Chinese, or several words (WordPress).
_SLUG = re.compile(r"(?:[\w.-]*%[0-9A-Fa-f]{2}[\w.%-]*|[A-Za-z0-9]+(?:-[A-Za-z0-9]+){2,})")
_NEEDLESS = re.compile(r"\\([-&])")  # escapes that a reader of the file is spared
_WORD = re.compile(r"[\w-]+")
_ANY_FOLDER, _ANY_FOLDERS = r"[\w-]+", r"(?:[\w.-]+/)+"
_END, _HOST = "/?$", "^https?://[^/]+"
_LEAST = 4
_MOST_FORMS = 3


class _Form(NamedTuple):
    """An address without its host: the part before the folders, the folders, the last part."""

    lead: str
    folders: tuple[str, ...]
    last: str

    @property
    def is_open(self) -> bool:
        """Whether a number or an id is in the last part: else it is a page's name."""
        return "\\d+" in self.last or "[" in self.last


def address_pattern(
    titles: Sequence[str], columns: Iterable[str] = (), own: str = "", others: Iterable[str] = ()
) -> str:
    r"""A regular expression for the addresses of articles; empty when they have too little in common.

    ``titles`` are the addresses that a page's titles lead to, ``columns`` those of its
    columns. With ``own``, the address of an article, one address is enough, and only
    those of its form count. ``others`` are addresses of the page that are no articles'
    (pagers, archives, authors): where the pattern takes one of them, it is bound to
    the end of the address and to the folders that were seen.

    >>> address_pattern([f"http://a.cn/{folder}/{n}.html" for folder in ("xw", "gg") for n in (3, 4)])
    '/[\\w-]+/\\d+\\.html'
    >>> address_pattern([], ["http://a.cn/ghyw/", "http://a.cn/jcdt/"], "http://a.cn/ghyw/12.html")
    '/[\\w-]+/\\d+\\.html'
    >>> address_pattern([], own="http://a.cn/content/cVppZzdyeGJCbnowT2ox")
    '/content/[\\w-]{10,}'
    >>> rows = [f"http://a.cn/{folder}/{n}" for folder in ("xw", "gg") for n in (3, 4)]
    >>> address_pattern(rows, others=["http://a.cn/page/2"])
    '/(?:gg|xw)/\\d+/?$'
    """
    forms: defaultdict[tuple[str, str], list[_Form]] = defaultdict(list)
    for url in dict.fromkeys([*titles, own] if own else titles):
        form = _form_of(url)
        forms[form.lead, form.last].append(form)
    if own:
        mine = _form_of(own)
        chosen = [forms[mine.lead, mine.last]]
    else:
        common = [group for group in forms.values() if len(group) >= _LEAST and group[0].is_open]
        chosen = sorted(common, key=len, reverse=True)[:_MOST_FORMS]
    folders, foreign = [_column_folders(url) for url in columns], tuple(others)
    return "|".join(dict.fromkeys(_apart(group, folders, foreign) for group in chosen))


def _apart(group: Sequence[_Form], columns: Sequence[tuple[str, ...]], others: Sequence[str]) -> str:
    """The widest pattern of the group that takes none of the others, else one that takes fewest."""
    wide, seen = _pattern(group, columns).removesuffix("/"), _seen(group).removesuffix("/")
    tried = (
        _pattern(group, columns),
        f"{wide}{_END}",
        f"{seen}{_END}",
        f"{_HOST}{wide}{_END}",
        f"{_HOST}{seen}{_END}",
    )
    return min(tried, key=lambda pattern: sum(re.search(pattern, url) is not None for url in others))


def _seen(group: Sequence[_Form]) -> str:
    """The group's folders as they are, one of several where they differ."""
    paths = sorted({"".join(f"{folder}/" for folder in form.folders) for form in group})
    common = paths[0] if len(paths) == 1 else _one_of(paths)
    return group[0].lead + common + group[0].last


def _one_of(paths: Sequence[str]) -> str:
    bare = [path.removesuffix("/") for path in paths]
    return f"(?:{'|'.join(bare)})/" if all(bare) else f"(?:{'|'.join(paths)})"


def _form_of(url: str) -> _Form:
    """The form of an address; a query that is a path (``/?ghyw/12.html``) is read as one."""
    parts = urlsplit(url)
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    is_path = bool(parts.query) and "=" not in parts.query
    path, query = (whole, "") if is_path else (parts.path, whole[len(parts.path) :])
    before, _, path = path.rpartition("?") if is_path else ("", "", path.removeprefix("/"))
    lead = re.escape(before) + r"\?" if is_path else "/"
    path, slash = path.removesuffix("/"), "/" * path.endswith("/")
    *folders, last = path.split("/")
    shown = "[^/?]+" if _SLUG.fullmatch(last) and not query else _opened(last)
    return _Form(lead, tuple(map(_opened, folders)), shown + slash + _opened(query))


def _column_folders(url: str) -> tuple[str, ...]:
    """The folders of a column's address; the page's own name counts as one (``/ghyw.htm``)."""
    parts = urlsplit(url)
    path = parts.query if parts.query and "=" not in parts.query else parts.path
    return tuple(_opened(re.sub(r"\.\w+$", "", part)) for part in path.strip("/").split("/"))


def _opened(text: str) -> str:
    pieces = _OPEN.split(text)
    return "".join(
        (r"\d+" if piece.isdigit() else r"[\w-]{10,}")
        if place % 2
        else _NEEDLESS.sub(r"\1", re.escape(piece))
        for place, piece in enumerate(pieces)
    )


def _pattern(group: Sequence[_Form], columns: Sequence[tuple[str, ...]]) -> str:
    lead, _, last = group[0]
    depths = {len(form.folders) for form in group}
    shared = min(depths)
    opened = [_folder(group, columns, place) for place in range(shared)]
    if len(depths) == 1:
        return lead + "".join(f"{folder}/" for folder in opened) + last
    kept = next((place for place, folder in enumerate(opened) if folder == _ANY_FOLDER), shared)
    return lead + "".join(f"{folder}/" for folder in opened[:kept]) + _ANY_FOLDERS + last


def _folder(group: Sequence[_Form], columns: Sequence[tuple[str, ...]], place: int) -> str:
    """Return one folder of the form: as it is when it is the same everywhere and no column's own.

    A column's own folder is where its address ends, or what its page lies in; the
    ``archives`` of ``/archives/category/ghyw/`` is no column's.
    """
    found = {form.folders[place] for form in group}
    if len(found) > 1:
        return _ANY_FOLDER
    (only,) = found
    others = {folders[place] for folders in columns if len(folders) > place}
    path = group[0].folders[: place + 1]
    last = re.sub(r"\\\.\w+$", "", group[0].last.removesuffix("/"))
    is_own = any(path in (folders, folders[:-1]) and folders[-1] != last for folders in columns)
    return _ANY_FOLDER if is_own and len(others) > 1 and _WORD.fullmatch(only) else only
