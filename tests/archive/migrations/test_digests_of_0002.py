from __future__ import annotations

import ast
from hashlib import sha256
from pathlib import Path

import pytest

from unioncrawl.archive.migrations import digests_of_0002
from unioncrawl.archive.migrations.digests_of_0002 import words_digest

# What archives of schema 0002 hold for these texts. None of these numbers may ever change.
_DIGESTS = {
    ("送清凉到一线", "", "", "", "临溪市總工會慰問職工。\n发布时间：2024-07-01 08:00 点击数：12"):
        -1063159745141776021,
    ("ＡＰＰ上线", "五·一", "", "", "東河縣臺胞參加，共５２人。\n（2024年5月1日）"): -5738242968637236442,
    ("", "", "", "", ""): 5657698912149702814,
}  # fmt: skip


@pytest.mark.parametrize(("texts", "digest"), _DIGESTS.items())
def test_a_digest_of_an_old_archive_stays_as_it_came(texts: tuple[str, ...], digest: int) -> None:
    """The words of an old revision have the digest that they had on the day it was stored."""
    assert words_digest(*texts) == digest


def test_the_copy_imports_no_code_of_today() -> None:
    """Nothing of which the digest is made can change with another room."""
    source = Path(digests_of_0002.__file__)
    nodes = ast.walk(ast.parse(source.read_text("utf-8")))
    modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not [name for name in modules if name.startswith(("unioncrawl", "zhconv"))]
    table = source.with_name("fold_of_0002.txt").read_bytes()
    assert sha256(table).hexdigest()[:16] == "c75e384abbd77b39"
