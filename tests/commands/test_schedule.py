"""``unioncrawl schedule`` writes what systemd and cron call, and removes it again."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.processes import ROOT
from unioncrawl.cli import app
from unioncrawl.commands._scheduling import Places
from unioncrawl.service.schedule.cron_lines import cron_script
from unioncrawl.service.schedule.installed import Installation, environment_file
from unioncrawl.service.schedule.systemd_units import systemd_units

# A program of the system that notes how it was called; crontab keeps what it is given.
_NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >> "$HOME/calls"\n'
_CRONTAB = _NOTES + 'if [ "$1" = -l ]; then cat "$HOME/tab" 2>/dev/null; else cat > "$HOME/tab"; fi\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose systemctl and crontab note their calls, in a working folder of its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("systemctl", _NOTES), ("crontab", _CRONTAB)):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def schedule(*arguments: str) -> Result:
    """Call ``unioncrawl schedule``."""
    return CliRunner().invoke(app, ["schedule", *arguments])


def test_systemd_calls_a_crawl_and_is_left_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Units and a file of variables for the owner alone are written, started, and removed."""
    monkeypatch.setenv("UNIONCRAWL_ARCHIVE", "postgresql://linxi:geheim@db/news")
    done = schedule("install", "--systemd", "hgzgh", "--archive", "postgresql://linxi:geheim@db/news")
    assert done.exit_code == 0, done.output
    units = home / ".config" / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == [
        *(
            "unioncrawl-due.service",
            "unioncrawl-due.timer",
            "unioncrawl-tell.service",
            "unioncrawl-tell.timer",
        ),
    ]
    crawl = (units / "unioncrawl-due.service").read_text(encoding="utf-8")
    assert '"crawl" "--due" "hgzgh"' in crawl
    assert "geheim" not in crawl
    variables = Places.of("unioncrawl").environment
    assert "geheim" in variables.read_text(encoding="utf-8")
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    calls = (home / "calls").read_text(encoding="utf-8")
    assert "systemctl --user enable --now unioncrawl-due.timer unioncrawl-tell.timer" in calls
    assert "geheim" not in schedule("install", "--systemd", "--print").output
    assert schedule("remove").exit_code == 0
    assert not list(units.iterdir())
    assert not variables.exists()
    assert "nothing to remove" in schedule("remove").output


def test_what_somebody_else_wrote_is_neither_overwritten_nor_removed(home: Path) -> None:
    """A unit of the same name that is not ours stops the installation, and stays."""
    unit = home / ".config" / "systemd" / "user" / "unioncrawl-due.timer"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Timer]\nOnCalendar=daily\n", encoding="utf-8")
    done = schedule("install", "--systemd")
    assert done.exit_code == 1
    assert "not written by unioncrawl" in str(done.exception)
    schedule("remove")
    assert unit.exists()


def test_cron_keeps_other_lines(home: Path) -> None:
    """The lines of a schedule are added once, replaced by the next installation, and removed alone."""
    (home / "tab").write_text("0 1 * * * backup\n", encoding="utf-8")
    for minutes in ("10", "30"):
        assert (
            schedule("install", "--cron", "--minutes", minutes, "--mail-to", "a@linxi.example").exit_code == 0
        )
    tab = (home / "tab").read_text(encoding="utf-8").splitlines()
    assert tab[0] == "0 1 * * * backup"
    assert [line for line in tab if line.endswith(" crawl")] == [
        f"*/30 * * * * /bin/sh {home}/.config/unioncrawl/unioncrawl.sh crawl"
    ]
    assert "MAILTO=a@linxi.example" in tab
    assert "crontab" in schedule("remove", "--language", "zh").output
    assert (home / "tab").read_text(encoding="utf-8") == "0 1 * * * backup\n"


@pytest.mark.parametrize(
    "wrong", [("install",), ("install", "--cron", "--systemd"), ("install", "--cron", "--minutes", "7")]
)
def test_a_call_that_says_too_little_is_refused(home: Path, wrong: tuple[str, ...]) -> None:
    """One of the two ways, and minutes that divide an hour."""
    assert schedule(*wrong).exit_code == 2
    assert not (home / ".config").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units_whatever_stands_in_them(tmp_path: Path) -> None:
    """Blanks, quotes, percent and dollar signs of folders and names mean nothing."""
    folder = tmp_path / 'a "b" 100% $HOME 临溪'
    folder.mkdir()
    given = Installation(
        name="news", program=["/bin/true", "x y"], folder=folder, sites=['a"b', "$c", "100%"]
    )
    for name, text in systemd_units(given, tmp_path / "news.env").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, sorted(tmp_path.glob("news-*")))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit_of_a_worker(tmp_path: Path) -> None:
    """The unit that docs/scale.md shows, with programs that are on this machine."""
    shown = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    unit = shown.partition("```ini\n")[2].partition("```")[0]
    assert "Restart=always" in unit
    unit = unit.replace("/srv/unioncrawl/venv/bin/unioncrawl", "/bin/true").replace("User=unioncrawl\n", "")
    path = tmp_path / "unioncrawl-work@1.service"
    path.write_text(unit, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert "scale" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if path.name in line], done.stderr


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        (0, ""),
        (4, ""),
        (1, "linxi: down\n"),
        (3, "unioncrawl crawl --due ended with 3; the end of LOG:\nended \nlinxi: down\n"),
    ],
)
def test_the_cron_script_prints_only_what_needs_a_person(tmp_path: Path, code: int, printed: str) -> None:
    """A crawl's output goes into the log; who needs a person is printed, for cron to mail, when a site broke.

    The log's end stands above it when the archive is in danger.
    """
    program = tmp_path / "crawl it"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = health ] && echo "linxi: down" && exit 1\necho "ended $DAY"\nexit {code}\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    done, log = run_script(tmp_path, program)
    assert done.returncode == code
    assert done.stdout.replace(str(log), "LOG") == printed
    assert log.read_text(encoding="utf-8") == "ended \n"


def test_the_cron_script_prints_why_a_crawl_could_not_begin(tmp_path: Path) -> None:
    """An error of the crawl itself ends with 1 too; no health knows of it."""
    program = tmp_path / "crawl"
    program.write_text(
        '#!/bin/sh\n[ "$1" = health ] && exit 0\necho "2026-11-30 retry"\n'
        'echo "unioncrawl: archive: it is of a newer version. Upgrade."\nexit 1\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    done, _log = run_script(tmp_path, program)
    assert done.stdout == "unioncrawl: archive: it is of a newer version. Upgrade.\n"


def test_the_cron_script_rotates_its_log_and_leaves_a_running_crawl_alone(tmp_path: Path) -> None:
    """Five old logs are kept; a second call while one runs does nothing."""
    program = tmp_path / "crawl"
    program.write_text("#!/bin/sh\necho ended\n", encoding="utf-8")
    program.chmod(0o755)
    for number in range(1, 7):
        (tmp_path / f"log.{number}").write_text(str(number), encoding="utf-8") if number < 6 else None
    with (tmp_path / "log").open("wb") as log:
        log.truncate(10_000_001)
    run_script(tmp_path, program)
    kept = sorted(path.name for path in tmp_path.glob("log*") if path.suffix != ".lock")
    assert kept == ["log", "log.1", "log.2", "log.3", "log.4", "log.5"]
    assert (tmp_path / "log.5").read_text(encoding="utf-8") == "4"
    with (tmp_path / "log.lock").open("wb") as lock:
        subprocess.run(["flock", "-n", str(lock.fileno())], pass_fds=[lock.fileno()], check=True)
        done, log_file = run_script(tmp_path, program)
        assert (done.returncode, log_file.read_text(encoding="utf-8")) == (0, "ended\n")


def run_script(folder: Path, program: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the script of cron as cron does."""
    environment = folder / "news.env"
    environment.write_text(environment_file({"UNIONCRAWL_CONTACT": 'a "b" $c `d` \\e'}), encoding="utf-8")
    given = Installation(name="news", program=[str(program)], folder=folder)
    script = folder / "news.sh"
    script.write_text(cron_script(given, environment, folder / "log"), encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", str(script), "crawl"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    return done, folder / "log"


def test_a_shell_and_systemd_read_a_variable_as_it_was(tmp_path: Path) -> None:
    """Quotes, dollars, backticks and backslashes of a value come through."""
    value = 'a "b" $c `d` \\e'
    (tmp_path / "news.env").write_text(environment_file({"UNIONCRAWL_CONTACT": value}), encoding="utf-8")
    ask = f'. {tmp_path}/news.env; printf %s "$UNIONCRAWL_CONTACT"'
    assert subprocess.run(["/bin/sh", "-c", ask], capture_output=True, text=True, check=True).stdout == value
