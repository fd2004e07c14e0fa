"""Tests for `unioncrawl.archive.captures.record_gzip`."""

from __future__ import annotations

import importlib.util
import sys
import zlib

import pytest

from unioncrawl.archive.captures import record_gzip

RECORD = b"WARC/1.1\r\nWARC-Type: response\r\n\r\n" + "<p>市总工会走访职工。</p>\n".encode() * 900


def test_a_record_is_one_whole_member() -> None:
    """Two packed records, one after the other, are two members that any program unpacks by themselves."""
    packed = record_gzip.pack(RECORD)
    reader = zlib.decompressobj(31)
    assert reader.decompress(packed + record_gzip.pack(b"")) == RECORD
    assert reader.unused_data == record_gzip.pack(b"")
    assert len(packed) < len(RECORD) / 20


def test_zlib_packs_where_there_is_no_isal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without a wheel of ISA-L the records are packed by zlib."""
    monkeypatch.setitem(sys.modules, "isal", None)
    spec = importlib.util.spec_from_file_location("record_gzip_without_isal", record_gzip.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module._packer is zlib.compressobj
    assert zlib.decompress(module.pack(RECORD), 31) == RECORD
