"""Loads site files: the bundled files and the files of the user's own folders.

A file with an error is reported in words (file, key, why, what is allowed) and
leaves every other site as it is. A user's file with the id of a bundled one
takes its place; two files of one folder tier with the same id are an error of
the later one.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from pydantic import ValidationError

from unioncrawl._layout import package_name
from unioncrawl.errors import SiteFileError
from unioncrawl.sites.families import FAMILIES, complete
from unioncrawl.sites.own_folders import SITES_DIRS_VARIABLE as SITES_DIRS_VARIABLE  # noqa: PLC0414 - who loads sites asks here
from unioncrawl.sites.own_folders import own_folders as own_folders  # noqa: PLC0414 - the same
from unioncrawl.sites.pattern_cost import costly_part
from unioncrawl.sites.profile import SiteProfile

_NO_PAGE = etree.Element("html")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sites that loaded, the file of each, and what was wrong with the others.

    ``overridden`` names bundled files that a user's file replaces.
    """

    profiles: Mapping[str, SiteProfile]
    files: Mapping[str, Path]
    problems: tuple[SiteFileError, ...] = ()
    overridden: tuple[Path, ...] = ()


def bundled_folder() -> Path:
    """The folder of the site files that come with unioncrawl."""
    spec = importlib.util.find_spec(package_name("spiders"))
    if spec is None or spec.origin is None:
        raise SiteFileError(
            "the package 'spiders' has no folder.", next_step="Reinstall unioncrawl unpacked, not from a zip."
        )
    return Path(spec.origin).resolve().parent / "sites"


def load_catalogue(folders: Iterable[Path] = ()) -> Catalogue:
    """Load the bundled sites and the sites of ``folders``; a user's file wins over a bundled one."""
    bundled = _load_tier([bundled_folder()])
    own = _load_tier(list(folders))
    return Catalogue(
        profiles={**bundled.profiles, **own.profiles},
        files={**bundled.files, **own.files},
        problems=(*bundled.problems, *own.problems),
        overridden=tuple(bundled.files[name] for name in own.files if name in bundled.files),
    )


def find_profile(site: str) -> SiteProfile:
    """Return the profile of one site, of the user's folders before the bundled one.

    Raises `SiteFileError` for an unknown site.
    """
    profile = load_catalogue(own_folders()).profiles.get(site)
    if profile is None:
        raise SiteFileError(f"there is no site {site!r}.", next_step="See `unioncrawl sites`.")
    return profile


def _load_tier(folders: list[Path]) -> Catalogue:
    profiles: dict[str, SiteProfile] = {}
    files: dict[str, Path] = {}
    problems: list[SiteFileError] = []
    for path in _site_files(folders, problems):
        try:
            profile = read_site_file(path)
            _refuse_duplicate(profile, path, files)
        except SiteFileError as problem:
            problems.append(problem)
            continue
        profiles[profile.id], files[profile.id] = profile, path
    return Catalogue(profiles, files, tuple(problems))


def _site_files(folders: list[Path], problems: list[SiteFileError]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                SiteFileError(
                    f"{folder}: the folder of site files is not there.",
                    next_step=f"Make it, or correct {SITES_DIRS_VARIABLE}.",
                )
            )
            continue
        found.extend(sorted(folder.glob("*.toml")))
    return found


def _refuse_duplicate(profile: SiteProfile, path: Path, files: Mapping[str, Path]) -> None:
    if profile.id in files:
        raise SiteFileError(
            f"{path}: key 'id': '{profile.id}' is already the id of {files[profile.id]}.",
            next_step="Give one of the two another id.",
        )


def read_site_file(path: Path) -> SiteProfile:
    """Read and check one site file; its family's defaults are filled in.

    Raises `SiteFileError` that names the file, the key, why, and what is allowed.
    """
    try:
        content = path.read_bytes()
        data = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise SiteFileError(
            f"{path}: {error.strerror}.", next_step="Check the path and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise SiteFileError(
            f"{path}: byte {error.start} is not UTF-8.", next_step="Save the file as UTF-8."
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteFileError(f"{path}: not TOML: {error}.", next_step="See docs/adding-a-site.md.") from error
    return _checked(data, path)


def _checked(data: dict[str, Any], path: Path) -> SiteProfile:
    try:
        profile = SiteProfile.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(_in_words(dict(detail)) for detail in error.errors())
        raise SiteFileError(f"{path}: {problems}.", next_step="See docs/adding-a-site.md.") from None
    _check_family(profile, path)
    _check_pattern(profile, path)
    _check_selectors(profile, path)
    return complete(profile)


def _check_family(profile: SiteProfile, path: Path) -> None:
    if profile.family not in FAMILIES:
        raise SiteFileError(
            f"{path}: key 'family': '{profile.family}' is unknown (allowed: {', '.join(sorted(FAMILIES))}).",
            next_step="Use 'generic' when none fits.",
        )


def _check_pattern(profile: SiteProfile, path: Path) -> None:
    try:
        re.compile(profile.article_url)
        costly = costly_part(profile.article_url)
    except re.error as error:
        raise SiteFileError(
            f"{path}: key 'article_url': not a regular expression: {error} (allowed: what re reads).",
            next_step="Write it in TOML's single quotes so that backslashes stay.",
        ) from None
    if costly:
        raise SiteFileError(
            f"{path}: key 'article_url': {costly}, so that one long address could stop the crawl.",
            next_step=r"Repeat what ends at a sign of its own: (?:/\w+)+ and [^/]+, not (?:\w+)+ and .*",
        )


def _check_selectors(profile: SiteProfile, path: Path) -> None:
    """Try each selector: a wrong selector would otherwise fail on every page of the site."""
    for name, selector in profile.selectors:
        try:
            _ = CSSSelector(selector, translator="html")(_NO_PAGE) if selector else None
        except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
            raise SiteFileError(
                f"{path}: key 'selectors.{name}': not a CSS selector: {error} "
                "(allowed: what cssselect reads).",
                next_step="Try it in a browser's console: document.querySelectorAll('…').",
            ) from None


# pydantic's kind of error -> (why, what is allowed). The names in braces come from its context.
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("is missing", "it must be given"),
    "extra_forbidden": ("is not a key that is known here", "{known}"),
    "enum": ("has a value that is not known", "{expected}"),
    "string_pattern_mismatch": ("has the wrong form", "what matches {pattern}"),
    "string_type": ("is not text", "text in quotes"),
    "bool_parsing": ("is neither true nor false", "true, false"),
    "bool_type": ("is neither true nor false", "true, false"),
    "float_parsing": ("is not a number", "a number"),
    "float_type": ("is not a number", "a number"),
    "int_parsing": ("is not a whole number", "a whole number"),
    "int_type": ("is not a whole number", "a whole number"),
    "greater_than_equal": ("is too small", "{ge} or more"),
    "greater_than": ("is too small", "more than {gt}"),
    "less_than_equal": ("is too large", "{le} or less"),
    "tuple_type": ("is not a list", 'a list, ["…", "…"]'),
    "time_zone": ("is not a time zone", "a name of the IANA database, such as Asia/Shanghai or Asia/Urumqi"),
    "window": ("is not a window of hours", 'two times of a day, as "20:00-06:00", or ""'),
    "host_form": ("is not a host", "a name or an IP address, with or without a port"),
    "too_short": ("has too few entries", "at least {min_length}"),
    "model_type": ("is not a table", "a table of keys, [{key}]"),
}


def _in_words(detail: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    why, allowed = _WORDS.get(detail["type"], (detail["msg"], "see docs/adding-a-site.md"))
    context = {**detail.get("ctx", {}), "known": _known_keys(detail["loc"]), "key": key}
    given = "" if detail["type"] == "missing" else f" (given: {detail['input']!r})"
    return f"key '{key}' {why}{given}; allowed: {allowed.format(**context)}"


def _known_keys(location: tuple[Any, ...]) -> str:
    """The keys allowed beside the unknown one, for the message."""
    model: Any = SiteProfile
    for part in location[:-1]:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            annotation = model.model_fields[part].annotation
            model = next(iter(getattr(annotation, "__args__", ())), annotation)
    # An entry of a list of texts has no keys beside it.
    return ", ".join(getattr(model, "model_fields", ()))
