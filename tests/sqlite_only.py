"""Which tests run on SQLite files alone, each with the reason; with PostgreSQL they are left out."""

from __future__ import annotations

_FILES = "a file on this machine's disk is what is tested"

_BYTES = "the bytes of a file are read or changed"
_DISK = "the disk of a server is not the crawl's: nothing waits for it"
_OWN = "SQLite's own settings"
_FTS5 = "FTS5 merges its pieces"
_TYPES = "a server refuses values of another type than the column's"

# The beginning of a test's name, as pytest prints it, and why PostgreSQL has nothing of the kind.
REASONS: dict[str, str] = {
    "tests/archive/care/test_takedown.py::test_words_that_were_withdrawn_are_gone_from_the_index": _BYTES,
    "tests/archive/search/test_merge_index.py::test_an_older_file_gives_back_after_vacuum": _FILES,
    "tests/archive/search/test_merge_index.py::test_batches_are_merged_seldom": _FTS5,
    "tests/archive/search/test_merge_index.py::test_the_end_of_a_run_gives_empty_pages_back": _FILES,
    "tests/archive/search/test_merge_index.py::test_the_end_of_a_run_leaves_one_piece": _FTS5,
    "tests/archive/test_read_only.py::test_what_is_no_archive_is_reported": _FILES,
    "tests/archive/test_store.py::test_other_files_are_refused": _FILES,
    "tests/archive/test_store.py::test_sqlite_settings": _OWN,
    "tests/archive/verify/test_check_archive.py::test_a_word_in_the_wrong_article_is_found": "a row of FTS5",
    "tests/archive/verify/test_check_archive.py::test_archives_in_one_folder_share_it": _FILES,
    "tests/archive/verify/test_check_archive.py::test_torn_database_is_found": _BYTES,
    "tests/archive/verify/test_check_archive.py::test_values_that_no_reader_takes_are_found": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_a_search_names_what_it_met": _TYPES,
    "tests/archive/write/test_write_queue.py::test_a_large_batch_has_room_for_the_pages_that_it_touches": (
        _OWN
    ),
    "tests/archive/write/test_write_queue.py::test_a_full_file_is_reported_and_what_waits_is_written_later": (
        _FILES
    ),
    "tests/commands/test_export.py::test_describe_writes_what_datasette_reads": "Datasette opens files alone",
    "tests/commands/test_messages.py::test_a_folder_for_an_archive_is_named": _FILES,
    "tests/commands/test_read_only_folder.py": _FILES,
    "tests/guard/test_flips.py": _BYTES,
    "tests/spiders/test_unwritable.py::test_a_second_signal_forces_the_end": _DISK,
    "tests/commands/test_verify.py::test_verify_shows_a_torn_database_to_machines_too": _FILES,
}


def reason(test: str) -> str | None:
    """Why a test runs on SQLite alone; ``None`` where it runs on both."""
    name = test.partition("[")[0]
    return next(
        (why for which, why in REASONS.items() if name == which or name.startswith(f"{which}::")), None
    )
