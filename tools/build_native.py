"""Build hook of hatchling: the modules that a page passes most are compiled by mypyc, from the same source.

Off by default: then the wheel is pure. `HATCH_BUILD_HOOKS_ENABLE=1 python -m build --wheel` turns it on and
needs a C compiler. MYPYC_OPT_LEVEL (0 to 3, by default 1) is what the compiler gets as -O.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Group -> modules below unioncrawl. Calls within a group cost least; the groups are compiled at once.
# What gained less than a twentieth of its part stays pure (docs/performance.md), and so does what has a
# `cached_property`: mypyc computes it again at each access.
GROUPS = {
    "language": "ngram_table characters label_folding names stray_characters folding",
    "page": """parse line_collector regions document body line_kinds line_marks line_worths labels
        labelled_lines headline_end headline_score paragraphs hidden/elements hidden/style_rules
        shown/files shown/named_text shown/site_lines shown/teasers""",
    "fields": """labelled_values column/find dates/calendar_days dates/clean dates/find headline/find
        hits/find hits/known_counters hits/unknown_counters media/find people/clean people/find people/in_text
        people/unlabelled""",
    "extract": "article_parts assemble head_lines line_ledger part_rows verdict",
    "repair": """gbk_as_latin/byte_search utf8_misread/choose_lost utf8_misread/lost_bytes
        mirror/character_scores mirror/runs/beam_search mirror/runs/byte_pairs mirror/runs/extensions
        mirror/runs/lead_bytes mirror/runs/run_decoder mirror/runs/tokens mirror/runs/weighing""",
}
# The types of our own source and of the standard library alone: the same C wherever it is made.
_MYPY_OPTIONS = (
    *("--config-file=", "--no-site-packages", "--ignore-missing-imports"),
    *("--explicit-package-bases", "--namespace-packages"),
)
# By it `unioncrawl._layout` refuses compiled modules beside other source.
_SUMS = "native.sums"


def sources() -> dict[str, list[str]]:
    """The source files of each group, from the root of the project.

    >>> sources()["language"][0]
    'unioncrawl/language/ngram_table.py'
    """
    return {
        group: [f"unioncrawl/{group}/{module}.py" for module in modules.split()]
        for group, modules in GROUPS.items()
    }


class NativeHook(BuildHookInterface[Any]):
    """Add the compiled modules to a wheel, beside their source, and name the platform in its tag."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a temporary folder, which `finalize` deletes; an editable install stays pure."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="unioncrawl-native-")
        built = compile_into(Path(self._folder.name), Path(self.root))
        build_data["force_include"].update({str(path): name for name, path in built.items()})
        sums = Path(self._folder.name) / _SUMS
        sums.write_text(_sums(Path(self.root)), encoding="utf-8")
        build_data["force_include"][str(sums)] = f"unioncrawl/{_SUMS}"
        build_data.update(pure_python=False, infer_tag=True)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete what was compiled: the wheel has it."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()


def _sums(root: Path) -> str:
    """Return the SHA-256 of each compiled source with its name below unioncrawl."""
    names = sorted(path for paths in sources().values() for path in paths)
    digests = (hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names)
    return "".join(
        f"{digest}  {name.removeprefix('unioncrawl/')}\n" for digest, name in zip(digests, names, strict=True)
    )


def compile_into(folder: Path, root: Path) -> dict[str, Path]:
    """Compile all groups; each built file by its name in the wheel. Raises what compiler and mypyc raise."""
    # Installed for a native build alone.
    from mypyc.build import mypycify  # noqa: PLC0415
    from setuptools import Distribution  # noqa: PLC0415

    os.chdir(root)
    groups = sources()
    extensions = mypycify(
        [
            *_MYPY_OPTIONS,
            f"--cache-dir={folder / 'cache'}",
            *(path for paths in groups.values() for path in paths),
        ],
        opt_level=os.environ.get("MYPYC_OPT_LEVEL", "1"),
        debug_level="0",
        target_dir=str(folder / "c"),
        separate=[(paths, f"unioncrawl_{group}") for group, paths in groups.items()],
    )
    command = Distribution({"name": "unioncrawl", "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(folder / "built"), str(folder / "objects")
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()
    built = folder / "built"
    return {path.relative_to(built).as_posix(): path for path in sorted(built.rglob("*")) if path.is_file()}


if __name__ == "__main__":
    sys.exit("This is a build hook: HATCH_BUILD_HOOKS_ENABLE=1 python -m build --wheel")
