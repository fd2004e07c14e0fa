"""Which tests run on SQLite files alone, each with the reason; with PostgreSQL they are left out."""

from __future__ import annotations

_FILES = "a file on this machine's disk is what is tested"

_BYTES = "the bytes of a file are read or changed"
_TYPES = "a server refuses values of another type than the column's"

# The beginning of a test's name, as pytest prints it, and why PostgreSQL has nothing of the kind.
REASONS: dict[str, str] = {
    "tests/archive/care/test_takedown.py::test_words_that_were_withdrawn_are_gone_from_the_index": _BYTES,
    "tests/reader/test_feeds.py::test_a_feed_is_new_when_the_archive_has_changed": "a file has a time",
    "tests/archive/search/test_merge_index.py": "FTS5 merges its pieces, a file gives back pages",
    "tests/archive/test_beside_a_writer.py": "who reads takes no lock of a file; a server has snapshots",
    "tests/archive/test_level_memory.py": "the memory of SQLite's own allocator is read",
    "tests/archive/test_read_only.py::test_opening_makes_no_file": _FILES,
    "tests/archive/test_read_only.py::test_what_is_no_archive_is_reported": _FILES,
    "tests/archive/test_store.py::test_missing_archive_is_reported": _FILES,
    "tests/archive/test_store.py::test_other_files_are_refused": _FILES,
    "tests/archive/test_store.py::test_sqlite_settings": "SQLite's own settings",
    "tests/archive/verify/test_check_archive.py::test_a_word_in_the_wrong_article_is_found": "a row of FTS5",
    "tests/archive/verify/test_check_archive.py::test_archives_in_one_folder_share_it": _FILES,
    "tests/archive/verify/test_check_archive.py::test_torn_database_is_found": _BYTES,
    "tests/archive/verify/test_check_archive.py::test_values_that_no_reader_takes_are_found": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_a_query_does_not_stumble_either": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_a_reader_of_one_article_names_it": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_a_search_names_what_it_met": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_an_export_has_the_others": _TYPES,
    "tests/archive/verify/test_damaged_articles.py::test_verify_names_the_article_and_goes_on": _TYPES,
    "tests/archive/write/test_write_queue.py::test_a_full_file_is_reported_and_what_waits_is_written_later": (
        _FILES
    ),
    "tests/commands/test_export.py::test_describe_writes_what_datasette_reads": "Datasette opens files alone",
    "tests/commands/test_messages.py::test_a_folder_for_an_archive_is_named": _FILES,
    "tests/commands/test_read_only_folder.py": _FILES,
    "tests/guard/test_flips.py": _BYTES,
    "tests/spiders/test_crawl_messages.py::test_scrapy_runs_from_any_folder": _FILES,
    "tests/spiders/test_practice_crawl.py::test_the_window_of_dates_is_kept": _FILES,
    "tests/commands/test_verify.py::test_verify_shows_a_torn_database_to_machines_too": _FILES,
}


def reason(test: str) -> str | None:
    """Why a test runs on SQLite alone; ``None`` where it runs on both."""
    name = test.partition("[")[0]
    return next(
        (why for which, why in REASONS.items() if name == which or name.startswith(f"{which}::")), None
    )
