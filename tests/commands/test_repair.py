"""The ``repair`` command: a text, JSON lines, WARC."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import zstandard
from typer.testing import CliRunner

from tests.warm import run_module
from unioncrawl.cli import app
from unioncrawl.model import Step
from unioncrawl.repair import replay
from unioncrawl.repair.bulk.json_lines import BulkOptions, repair_json_lines
from unioncrawl.repair.bulk.streams import MAX_LINE_BYTES, open_input

DAMAGED = "&amp;ldquo;五一&amp;rdquo;劳动奖章，宸ヤ細鍔冲姩淇濇姢"
REPAIRED = "“五一”劳动奖章，工会劳动保护"


def record(text: str, **more: object) -> bytes:
    """One line of JSON."""
    return json.dumps({"text": text, **more}, ensure_ascii=False).encode() + b"\n"


def unpacked(path: Path) -> bytes:
    """What a file holds, packed or not."""
    with open_input(path) as (stream, _):
        return stream.read()


def warc_response(url: str, kind: str, body: bytes) -> bytes:
    """One response record of a WARC file."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_text_in_text_out(tmp_path: Path) -> None:
    """A file's repaired text goes to stdout and nothing else does."""
    file = tmp_path / "page.txt"
    file.write_text(DAMAGED + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["repair", str(file)])
    assert (result.exit_code, result.stdout) == (0, REPAIRED + "\n")


@pytest.mark.parametrize("names", [[], ["-"], ["-", "-o", "-"]])
def test_standard_input_in_any_encoding(names: list[str]) -> None:
    """Without a file, or with ``-``, standard input is read, GBK too."""
    text = "“五一”&ldquo;劳动奖章&rdquo;获得者座谈会".encode("gbk")
    result = CliRunner().invoke(app, ["repair", *names], input=text)
    assert result.stdout == "“五一”“劳动奖章”获得者座谈会"


def test_explain_marks_the_line_and_says_why(tmp_path: Path) -> None:
    """The changed line is shown with marks, its reason and how sure it is; other lines are not."""
    file = tmp_path / "page.txt"
    file.write_text("第一行没有损坏\n" + DAMAGED, encoding="utf-8")
    result = CliRunner().invoke(app, ["repair", str(file), "--explain"])
    assert "line 2: [-&amp;ldquo;-]{+“+}五一" in result.stderr
    assert "第一行" not in result.stderr
    assert "UTF-8 bytes read as GBK (100 %)" in result.stderr.replace("(99 %)", "(100 %)")


def test_json_lines_keep_their_fields_and_order(tmp_path: Path) -> None:
    """Each object comes back in place with text, changed, steps that replay, and unresolved."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(
        record("清洁的文本", id=1) + record(DAMAGED, id=2, tags=["a"]) + record("丢失\ufffd", id=3)
    )
    result = CliRunner().invoke(app, ["repair", "--jsonl", str(file)])
    assert result.exit_code == 0
    clean, repaired, lost = map(json.loads, result.stdout.splitlines())
    assert clean == {"text": "清洁的文本", "id": 1, "changed": False, "steps": [], "unresolved": []}
    assert (repaired["text"], repaired["id"], repaired["tags"], repaired["changed"]) == (
        REPAIRED,
        2,
        ["a"],
        True,
    )
    assert set(repaired["steps"][0]) == {field.name for field in fields(Step)}
    assert replay(DAMAGED, [Step(**step) for step in repaired["steps"]]) == REPAIRED
    assert lost["unresolved"] == [
        {"start": 2, "end": 3, "reason": "lost in decoding (U+FFFD)", "alternatives": []}
    ]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_lines_are_passed_on_and_reported(tmp_path: Path, jobs: str) -> None:
    """Bad lines stay where they are, are named on stderr by number, and the exit code is 1."""
    bad = [b"not JSON\n", b'{"no": "text"}\n', b'{"text": 5}\n', b"[1]\n", b'{"text": "\xff"}\n']
    lines = [record("工会") * 3, bad[0], record(DAMAGED), *bad[1:], record("完")]
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"".join(lines))
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["repair", "--jsonl", str(file), "-o", str(out), "--jobs", jobs])
    assert result.exit_code == 1
    written = out.read_bytes().split(b"\n")
    assert written[3] + b"\n" == bad[0]
    assert [line + b"\n" for line in written[5:9]] == bad[1:]
    assert json.loads(written[4])["text"] == REPAIRED
    assert json.loads(written[9])["text"] == "完"
    assert [n for n in range(1, 11) if f"line {n}:" in result.stderr] == [4, 6, 7, 8, 9]


def test_several_jobs_keep_the_order(tmp_path: Path) -> None:
    """Two processes give the same bytes as one, over many batches."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"".join(record(f"第{n}条&ldquo;职工&rdquo;" + "工会" * 300, id=n) for n in range(2000)))
    outputs = []
    for jobs in ("1", "2"):
        out = tmp_path / f"out{jobs}.jsonl"
        assert (
            CliRunner()
            .invoke(app, ["repair", "--jsonl", str(file), "-o", str(out), "--jobs", jobs])
            .exit_code
            == 0
        )
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1]
    assert [json.loads(line)["id"] for line in outputs[0].splitlines()] == list(range(2000))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_in_and_out(tmp_path: Path, suffix: str) -> None:
    """Both gzip and zstd are read by their first bytes and written by the name's suffix."""
    pack = gzip.compress if suffix == ".gz" else zstandard.ZstdCompressor().compress
    file = tmp_path / "in.data"
    file.write_bytes(pack(record(DAMAGED)))
    out = tmp_path / f"out.jsonl{suffix}"
    assert CliRunner().invoke(app, ["repair", "--jsonl", str(file), "-o", str(out)]).exit_code == 0
    if suffix == ".gz":
        text = gzip.decompress(out.read_bytes())
    else:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(out.read_bytes())) as reader:
            text = reader.read()
    assert json.loads(text)["text"] == REPAIRED


def test_warc_pages_come_out_as_json_lines(tmp_path: Path) -> None:
    """The text of each HTML response, decoded and repaired, is one line; pictures are passed over."""
    file = tmp_path / "crawl.warc.gz"
    page = "<html><head><title>县总工会</title></head><body><p>&amp;ldquo;五一&amp;rdquo;劳动奖章</p>"
    with gzip.open(file, "wb") as stream:
        stream.write(
            warc_response("http://a.example/1.html", "text/html; charset=gb2312", page.encode("gbk"))
        )
        stream.write(warc_response("http://a.example/1.png", "image/png", b"\x89PNG...."))
    result = CliRunner().invoke(app, ["repair", "--warc", str(file)])
    assert result.exit_code == 0, result.stderr
    (line,) = map(json.loads, result.stdout.splitlines())
    assert line["url"] == "http://a.example/1.html"
    assert "“五一”劳动奖章" in line["text"]


def test_a_warc_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    """The pages before the cut come out, the place is reported, and the exit code is 1."""
    file = tmp_path / "crawl.warc.gz"
    page = warc_response("http://a.example/1.html", "text/plain", "县总工会召开会议".encode())
    file.write_bytes(gzip.compress(page) + gzip.compress(page)[:-60])
    result = CliRunner().invoke(app, ["repair", "--warc", str(file)])
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["县总工会召开会议"]
    assert result.exit_code == 1
    assert "record 2: the page is cut off" in result.stderr
    assert "the file ends too early" in result.stderr


def test_a_twin_is_read_from_a_file(tmp_path: Path) -> None:
    """--twin may be given again, and clean text stays the same with it."""
    file, twin = tmp_path / "page.txt", tmp_path / "twin.txt"
    file.write_text("县总工会召开会议", encoding="utf-8")
    twin.write_text("县总工会召开会议", encoding="utf-8")
    result = CliRunner().invoke(app, ["repair", str(file), "--twin", str(twin), "--twin", str(twin)])
    assert (result.exit_code, result.stdout) == (0, "县总工会召开会议")


def test_a_cut_off_pile_is_repaired_up_to_the_cut(tmp_path: Path) -> None:
    """What was read before a gzip or zstd file ends too early is written; the reason is reported."""
    plain = b"".join(record(f"{DAMAGED}{number}") for number in range(4000))
    for name, packed in (("a.gz", gzip.compress(plain)), ("a.zst", zstandard.compress(plain))):
        file, out = tmp_path / name, tmp_path / "out.jsonl"
        file.write_bytes(packed[: len(packed) * 2 // 3])
        result = run_alone("repair", "--jsonl", str(file), "-o", str(out))
        assert result.returncode == 1
        assert "ends too early" in result.stderr
        assert "Traceback" not in result.stderr
        texts = [json.loads(line)["text"] for line in out.read_text(encoding="utf-8").splitlines()]
        assert texts[:3] == [f"{REPAIRED}{number}" for number in range(3)]


def test_members_one_after_another_are_one_pile(tmp_path: Path) -> None:
    """Gzip members and zstd frames that follow each other are all read."""
    for name, pack in (("a.gz", gzip.compress), ("a.zst", zstandard.compress)):
        file = tmp_path / name
        file.write_bytes(pack(record("一")) + pack(record("二")))
        result = run_alone("repair", "--jsonl", str(file))
        assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["一", "二"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_too_long_to_parse_is_passed_on(tmp_path: Path, jobs: str) -> None:
    """A line over the limit comes out byte for byte and is reported; the next lines are repaired."""
    long = b'{"text": "' + b"x" * (MAX_LINE_BYTES + 3_000_000) + b'"}\n'
    file, out = tmp_path / "pile.jsonl", tmp_path / "out.jsonl"
    file.write_bytes(record("一") + long + b"no JSON\n" + record(DAMAGED))
    result = run_alone("repair", "--jsonl", str(file), "-o", str(out), "--jobs", jobs)
    assert result.returncode == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()[:2]] == [" line 2", " line 3"]
    lines = out.read_bytes().splitlines(keepends=True)
    assert lines[1] == long
    assert json.loads(lines[3])["text"] == REPAIRED


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("/dev/full", "No space left"),
        ("no/such/folder/out.jsonl", "cannot be opened"),
        ("a.jsonl", "overwrite"),
    ],
)
def test_an_output_that_cannot_be_written_is_reported_in_a_sentence(
    tmp_path: Path, output: str, message: str
) -> None:
    """A full disk, a missing folder, and the input itself as output: exit code 1, the input stays."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(record(DAMAGED))
    result = run_alone("repair", "--jsonl", str(file), "-o", str(tmp_path / output))
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert file.read_bytes() == record(DAMAGED)


def run_alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return run_module(("unioncrawl", *arguments))


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "a",}',
        b'{"text": "a" "b": 1}',
        b'{"x": 01, "text": "a"}',
        b'{"text": "a\tb"}',
        b'{"text": "a"} x',
        b'{"x": {"text": "a"}}',
        b'{"text": "\\x"}',
        b'{"text": "\xff"}',
    ],
)
def test_lines_that_nearly_are_json_are_reported(line: bytes) -> None:
    """A line is judged as a JSON parser does, also in the quick look at clean piles."""
    batch = next(repair_json_lines([record("一"), line + b"\n"], BulkOptions()))
    assert [bad.number for bad in batch.bad] == [2]
    assert batch.output.splitlines()[1] == line


def test_the_quick_look_and_the_parser_agree() -> None:
    """Plain and escaped lines of the same texts give the same objects."""
    texts = ["工会\n“五一”", 'a "b" \\c', DAMAGED, "全國(guó)總工會(huì)", "", "\u2028\x7f"]
    plain = [json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode() + b"\n" for text in texts]
    escaped = [json.dumps({"id": 1, "text": text}).encode() + b"\n" for text in texts]
    found = [next(repair_json_lines(lines, BulkOptions())).output.splitlines() for lines in (plain, escaped)]
    assert [json.loads(line) for line in found[0]] == [json.loads(line) for line in found[1]]
    assert json.loads(found[0][2])["text"] == REPAIRED
