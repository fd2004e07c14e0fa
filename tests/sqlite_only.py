"""Which tests run on SQLite files alone, each with the reason; with PostgreSQL they are left out."""

from __future__ import annotations

_FILES = "a file on this machine's disk is what is tested"

# The beginning of a test's name, as pytest prints it, and why PostgreSQL has nothing of the kind.
REASONS: dict[str, str] = {
    "tests/commands/test_export.py::test_describe_writes_what_datasette_reads": "Datasette opens files alone",
    "tests/commands/test_messages.py::test_a_folder_for_an_archive_is_named": _FILES,
    "tests/commands/test_read_only_folder.py": _FILES,
    "tests/commands/test_verify.py::test_verify_shows_a_torn_database_to_machines_too": _FILES,
}


def reason(test: str) -> str | None:
    """Why a test runs on SQLite alone; ``None`` where it runs on both."""
    name = test.partition("[")[0]
    return next(
        (why for which, why in REASONS.items() if name == which or name.startswith(f"{which}::")), None
    )
