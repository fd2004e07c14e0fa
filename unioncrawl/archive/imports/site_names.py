"""Which site a table means by what it calls it: an id, a name, another name, or a host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from unioncrawl.language.folding import fold
from unioncrawl.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The ids of known sites by their names, and the ids that mean themselves."""

    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, profiles: Mapping[str, SiteProfile], stored: Iterable[str] = ()) -> SiteNames:
        """Return the names of the catalogue's sites; ``stored`` ids of the archive stay what they are."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for profile in profiles.values():
            for name in {fold(name) for name in (profile.name, *profile.aliases, *profile.hosts)}:
                found[name].append(profile.id)
        by_name = {name: tuple(ids) for name, ids in found.items()}
        return cls(by_name, frozenset((*profiles, *stored)))

    def id_of(self, called: str) -> str:
        """Return the id of the site that a table calls so; a name that nobody has is an id of its own.

        Raises ValueError for the name of several sites.

        >>> SiteNames({"陕西省总工会": ("snzgh",)}).id_of("陝西省總工會")
        'snzgh'
        >>> SiteNames({"陕西省总工会": ("snzgh",)}).id_of("旧站")
        '旧站'
        """
        ids = self.by_name.get(fold(called.strip()), ()) if called not in self.ids else ()
        if len(ids) > 1:
            raise ValueError(f"{called} is the name of {' and '.join(ids)}: write the id")
        return ids[0] if ids else called
