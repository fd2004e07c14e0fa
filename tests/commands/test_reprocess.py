from __future__ import annotations

import json

from tests.commands.run_command import run, run_json


def test_reprocess_is_a_dry_run_first(reprinted: str) -> None:
    """Without --apply nothing is written; that nothing could be derived is exit 1 and says why."""
    report = json.loads(run(reprinted, "reprocess", "--workers", "1", "--json", expected=1).stdout)
    assert (report["applied"], report["problems"]) == (False, {"no capture is kept": 2})
    assert run_json(reprinted, "reprocess", "--stage", "repair", "--workers", "1", "--apply")["seen"] == 2
    run(reprinted, "reprocess", "--site", "nosuch", expected=1)
