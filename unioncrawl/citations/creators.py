"""Whom a citation begins with, and how Chinese names are parted into surname and given name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from unioncrawl.language.names import is_department, surname_of

# The given name of a person has at most so many characters.
_LONGEST_GIVEN_NAME = 2
_HAN = re.compile(r"[㐀-鿿]+")
_SEPARATORS = re.compile(r"[、,，;；/\n]+")


class Role(StrEnum):
    """What a creator did for an article; the value is the name of the article's field."""

    AUTHOR = "author"
    CORRESPONDENT = "correspondent"
    PHOTOGRAPHER = "photographer"


# Who wrote the text; where nobody did, who took the pictures of a picture story.
_WRITERS = (Role.AUTHOR, Role.CORRESPONDENT)


class Creator(NamedTuple):
    """A person; with ``given`` empty a name that is not parted: an organisation's, a pen name."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name as it is written in Chinese."""
        return self.family + self.given


def creators_of(people: Iterable[tuple[Role, str]], source: str, own_name: str) -> tuple[Creator, ...]:
    """Return whom a citation begins with: who wrote it, else who took the pictures, else the site itself.

    A site counts as the creator of its page where the page names nobody and no other source:
    the creator is who makes, gathers or keeps a work (GB/T 7714-2025, 3.13), and its 8.11.3.2
    begins a page of a site with the body that runs it. A reprint without an author has no creator,
    and the citation begins with its title (7.1.3). ``own_name`` is empty where the site can't be one.

    >>> creators_of([(Role.AUTHOR, "李方 王建国"), (Role.PHOTOGRAPHER, "赵敏")], "东河日报", "临溪市总工会")
    (Creator(family='李', given='方'), Creator(family='王', given='建国'))
    >>> creators_of([], "", "临溪市总工会"), creators_of([], "东河日报", "临溪市总工会")
    ((Creator(family='临溪市总工会', given=''),), ())
    """
    named = list(people)
    for roles in (_WRITERS, (Role.PHOTOGRAPHER,)):
        found = [name for role in roles for own, names in named if own is role for name in split_names(names)]
        if found:
            return tuple(map(part_name, dict.fromkeys(found)))
    return _site_itself(source, own_name)


def _site_itself(source: str, own_name: str) -> tuple[Creator, ...]:
    """The body that runs the site, by the fuller of its two names; nobody where the source is another one.

    >>> [one.name for one in _site_itself("东河县法院、东河县总工会", "东河县总工会")]
    ['东河县法院', '东河县总工会']
    """
    if not own_name or not (not source or own_name in source or source in own_name):
        return ()
    together = tuple(map(Creator, _SEPARATORS.split(source)))
    if Creator(own_name) in together:
        return together
    is_better = bool(source) and (own_name in source or own_name.startswith(source))
    return (Creator(source if is_better else own_name),)


def split_names(names: str) -> list[str]:
    """Part a field of people into names; words of Latin letters beside each other are one name.

    >>> split_names("李方 王建国"), split_names("欧阳海、阿依古丽·买买提"), split_names("John Smith 李方")
    (['李方', '王建国'], ['欧阳海', '阿依古丽·买买提'], ['John Smith', '李方'])
    """
    found: list[str] = []
    for part in _SEPARATORS.split(names):
        latin = False
        for word in part.split():
            if latin and not _HAN.search(word):
                found[-1] += f" {word}"
            else:
                found.append(word)
            latin = not _HAN.search(word)
    return found


def part_name(name: str) -> Creator:
    """Part a Chinese name into surname and given name; any other name stays whole.

    Names of peoples without surnames, foreign ones and organisations stay whole:
    GB/T 7714 would have the surname first, but which part it is can't be known.

    >>> part_name("欧阳海"), part_name("李方")
    (Creator(family='欧阳', given='海'), Creator(family='李', given='方'))
    >>> part_name("阿依古丽·买买提"), part_name("安监处")
    (Creator(family='阿依古丽·买买提', given=''), Creator(family='安监处', given=''))
    """
    surname = surname_of(name) if _HAN.fullmatch(name) and not is_department(name) else ""
    given = name[len(surname) :]
    if surname and 1 <= len(given) <= _LONGEST_GIVEN_NAME:
        return Creator(surname, given)
    return Creator(name)
