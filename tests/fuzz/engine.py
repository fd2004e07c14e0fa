"""What changes inputs: atheris where it is installed, else blind changes of the corpus."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

Run = Callable[[bytes], None]
HERE = Path(__file__).parent
_WORDS = HERE / "words.txt"
_SIZES = (1, 20, 60, 100, 200, 300, 400, 500, 700, 900)


def has_atheris() -> bool:
    """Whether coverage can guide the changes."""
    return find_spec("atheris") is not None


def words() -> list[bytes]:
    """The dictionary: each word in UTF-8, and in GB18030 where that differs."""
    lines = [line for line in _WORDS.read_text("utf-8").split("\n") if line]
    vocabulary = [text.encode(codec) for text in lines for codec in ("utf-8", "gb18030")]
    return list(dict.fromkeys(vocabulary))


def seeds(name: str) -> list[bytes]:
    """The inputs of a harness's corpus, in the order of their names, and a few of nothing but chance.

    Structured harnesses make a page of the latter, long ones of much.
    """
    folder = HERE / "corpus" / name
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    chance = [random.Random(size).randbytes(size) for size in _SIZES]  # noqa: S311 - the same each time
    return [*(path.read_bytes() for path in files), *chance]


def run_blind(run: Run, inputs: Sequence[bytes], runs: int, seed: int, max_bytes: int) -> None:
    """Run the corpus, then so many changed inputs, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - the same inputs again is the point
    known, vocabulary = [*inputs, b""], words()
    for data in known:
        run(data)
    for _ in range(runs):
        data = rng.randbytes(rng.randrange(1, max_bytes)) if rng.random() < 0.1 else rng.choice(known)
        for _ in range(rng.randrange(1, 8)):
            data = _changed(data, rng, known, vocabulary)
        run(data[:max_bytes])


def _changed(data: bytes, rng: random.Random, known: list[bytes], vocabulary: list[bytes]) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((0, 0, 1, 1, 4, 30, 200)))
    match rng.randrange(6):
        case 0:
            new = rng.choice(vocabulary)
        case 1:
            new = rng.randbytes(rng.choice((1, 1, 2, 8)))
        case 2:
            other = rng.choice(known)
            place = rng.randrange(len(other) + 1)
            new = other[place : place + rng.randrange(1, 120)]
        case 3:
            new = data[start:end] * 2
        case 4:
            new = bytes(byte ^ (1 << rng.randrange(8)) for byte in data[start:end])
        case _:
            new = b""
    return data[:start] + new + data[end:]


def run_guided(run: Run, folder: Path, inputs: Sequence[bytes], flags: Sequence[str]) -> None:
    """Let atheris run the inputs and what it makes of them; it ends this process when it is done.

    What it finds of interest stays in the folder, and is where it goes on from.
    """
    import atheris  # noqa: PLC0415 - only where it is installed

    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(inputs):
        (corpus / f"seed-{number:03}").write_bytes(data)
    dictionary = folder / "words.dict"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()))
    # Time and memory are watched by the worker, which knows processor time.
    always = ["-timeout=1000000", "-rss_limit_mb=0", "-verbosity=0", "-len_control=20"]
    always += [f"-dict={dictionary}", f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", *always, *flags, str(corpus)], run)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)
