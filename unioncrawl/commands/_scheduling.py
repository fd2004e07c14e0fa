"""Writes and removes the files of a schedule, and tells systemd and cron of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from unioncrawl.errors import ScheduleRefused
from unioncrawl.service.schedule.cron_lines import cron_block, cron_script, with_block
from unioncrawl.service.schedule.installed import MARK, Installation, environment_file
from unioncrawl.service.schedule.systemd_units import systemd_units

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of a schedule stand (XDG Base Directory Specification)."""

    units: Path
    environment: Path
    script: Path
    log: Path

    @classmethod
    def of(cls, name: str, variables: Mapping[str, str] = os.environ) -> Places:
        """The places of this user for a schedule's name."""
        home = Path(variables.get("HOME") or Path.home())
        config = Path(variables.get("XDG_CONFIG_HOME") or home / ".config")
        state = Path(variables.get("XDG_STATE_HOME") or home / ".local" / "state") / "unioncrawl"
        own = config / "unioncrawl"
        return cls(
            config / "systemd" / "user", own / f"{name}.env", own / f"{name}.sh", state / f"{name}.log"
        )


def systemd_files(given: Installation, places: Places, variables: Mapping[str, str]) -> dict[Path, str]:
    """The files of a schedule by systemd, by path."""
    units = systemd_units(given, places.environment)
    return {
        places.environment: environment_file(variables),
        **{places.units / name: text for name, text in units.items()},
    }


def cron_files(given: Installation, places: Places, variables: Mapping[str, str]) -> dict[Path, str]:
    """The files of a schedule by cron, by path."""
    script = cron_script(given, places.environment, places.log)
    return {places.environment: environment_file(variables), places.script: script}


def install_systemd(given: Installation, places: Places, variables: Mapping[str, str]) -> list[str]:
    """Write, check and start the timers; what a person has to do besides. Raises `ScheduleRefused`."""
    files = systemd_files(given, places, variables)
    _write_all(files, places)
    units = [path for path in files if path.parent == places.units]
    _verify(units)
    timers = [path.name for path in units if path.suffix == ".timer"]
    for command in (["daemon-reload"], ["enable", "--now", *timers]):
        said = _run(["systemctl", "--user", *command])
        if said is not None:
            return [
                f"The timers are written and not started: {said}",
                f"Then: systemctl --user enable --now {' '.join(timers)}",
            ]
    return []


def install_cron(given: Installation, places: Places, variables: Mapping[str, str]) -> list[str]:
    """Write the script, and its lines into the crontab. Raises `ScheduleRefused`."""
    _write_all(cron_files(given, places, variables), places)
    places.log.parent.mkdir(parents=True, exist_ok=True)
    _change_crontab(lambda before: with_block(before, given.name, cron_block(given, places.script)))
    return (
        [] if given.mail_to else ["What goes wrong is mailed to you by cron, if this machine delivers mail."]
    )


def remove_all(places: Places, name: str) -> list[str]:
    """Remove what was installed under a name; what it was. Raises `ScheduleRefused`."""
    removed = []
    units = sorted(path for path in places.units.glob(f"{name}-*") if _is_ours(path))
    timers = [path.name for path in units if path.suffix == ".timer"]
    if timers:
        _run(["systemctl", "--user", "disable", "--now", *timers])
    for path in [*units, places.environment, places.script]:
        if path.exists() and _is_ours(path):
            path.unlink()
            removed.append(str(path))
    if units:
        _run(["systemctl", "--user", "daemon-reload"])
    if shutil.which("crontab") and _change_crontab(lambda before: with_block(before, name, [])):
        removed.append("crontab")
    return removed


def _write_all(files: Mapping[Path, str], places: Places) -> None:
    foreign = [str(path) for path in files if path.exists() and not _is_ours(path)]
    if foreign:
        raise ScheduleRefused(
            f"{', '.join(foreign)}: not written by unioncrawl.",
            next_step="Choose another --name, or move it away.",
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        # A variable may hold a password: nobody else may read the file, at no moment.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if path == places.environment:
                os.fchmod(descriptor, _OWNER_ONLY)
            file.write(text)


def _is_ours(path: Path) -> bool:
    with suppress(OSError, UnicodeDecodeError):
        return MARK in path.read_text(encoding="utf-8").splitlines()[:2]
    return False


def _verify(units: list[Path]) -> None:
    """Let systemd read the units, where its checker is installed."""
    if not shutil.which("systemd-analyze"):
        return
    # Outside a session there is no folder of this name, and the checker needs one.
    with tempfile.TemporaryDirectory() as runtime:
        command = ["env", f"XDG_RUNTIME_DIR={runtime}", "systemd-analyze", "--user", "verify"]
        done = _called([*command, *map(str, units)])
    if done.returncode:
        raise ScheduleRefused(
            f"systemd does not take the units: {' '.join(done.stderr.split())}",
            next_step=f"They are in {units[0].parent}; unioncrawl schedule remove removes them.",
        )


def _change_crontab(change: Callable[[str], str]) -> bool:
    """Change this user's crontab; whether anything changed."""
    if not shutil.which("crontab"):
        raise ScheduleRefused(
            "there is no crontab on this machine.", next_step="Install cron, or use --systemd."
        )
    # Without a crontab it exits 1.
    before = _called(["crontab", "-l"]).stdout
    after = change(before)
    if after == before:
        return False
    done = _called(["crontab", "-"], after)
    if done.returncode:
        raise ScheduleRefused(
            f"crontab refuses the lines: {done.stderr.strip()}", next_step="Add them by hand: --print."
        )
    return True


def _run(command: list[str]) -> str | None:
    """Call a program; None when it worked, else what it said."""
    if not shutil.which(command[0]):
        return f"there is no {command[0]} on this machine."
    done = _called(command)
    return (
        " ".join(done.stderr.split()) or f"{command[0]} exited {done.returncode}" if done.returncode else None
    )


def _called(command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
