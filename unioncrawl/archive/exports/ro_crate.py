"""``ro-crate-metadata.json`` beside an export: who made which files from what, as research archives read it.

RO-Crate 1.2 (https://w3id.org/ro/crate/1.2). The files are those of ``datapackage.json``; what it
says of each is said again in the words of schema.org.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unioncrawl._layout import __version__

NAME = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/crate/1.2"
_SOFTWARE, _LICENSE, _PACKAGE = "#unioncrawl", "#rights", "datapackage.json"


def ro_crate(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the crate of the files that a data package describes."""
    # A resource that holds its data itself is no file.
    resources = [one for one in package["resources"] if isinstance(one.get("path"), str)]
    ours = [one for one in resources if "query" in one and "created" in one and "name" in one]
    files = [_file(one) for one in resources]
    return {
        "@context": f"{_PROFILE}/context",
        "@graph": [
            _descriptor(),
            _root(package, [one["@id"] for one in files], ours),
            *files,
            _codebook(),
            *(_export(one) for one in ours),
            _software(),
            _rights(),
        ],
    }


def _descriptor() -> dict[str, Any]:
    return {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }


def _root(
    package: Mapping[str, Any], files: Sequence[str], ours: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package["title"],
        "description": f"News of Chinese labour unions in {len(files)} files, exported by unioncrawl."
        " 中国各级工会网站新闻的导出。",
        "datePublished": str(package["created"])[:10],
        "inLanguage": "zh-CN",
        "license": {"@id": _LICENSE},
        "hasPart": [{"@id": name} for name in (*files, _PACKAGE)],
        "mentions": [{"@id": _export_id(one)} for one in ours],
    }


def _file(resource: Mapping[str, Any]) -> dict[str, Any]:
    # What others wrote into the data package may lack any of these.
    counted = f"{resource['articles']:,} articles." if isinstance(resource.get("articles"), int) else None
    stated = {
        "description": resource.get("description") or counted,
        "encodingFormat": resource.get("mediatype"),
        "contentSize": str(resource["bytes"]) if "bytes" in resource else None,
        "sha256": str(resource.get("hash", "")).removeprefix("sha256:"),
        "dateCreated": resource.get("created"),
    }
    kept = {name: value for name, value in stated.items() if value}
    return {
        "@id": _address(resource),
        "@type": "File",
        "name": str(resource["path"]),
        **kept,
        "license": {"@id": _LICENSE},
    }


def _address(resource: Mapping[str, Any]) -> str:
    """Return the path of a file as an address: RO-Crate wants what a URI can hold, and keeps 工会."""
    return str(resource["path"]).replace("%", "%25").replace(" ", "%20")


def _codebook() -> dict[str, Any]:
    return {
        "@id": _PACKAGE,
        "@type": "File",
        "name": "Codebook 字段说明",
        "description": "Fields, types, digests and cursors of the files (Frictionless Data Package).",
        "encodingFormat": "application/json",
    }


def _export_id(resource: Mapping[str, Any]) -> str:
    return f"#export-{resource['name']}"


def _export(resource: Mapping[str, Any]) -> dict[str, Any]:
    query = resource.get("query") or "all articles"
    return {
        "@id": _export_id(resource),
        "@type": "CreateAction",
        "name": f"Export of {query}",
        "endTime": resource["created"],
        "instrument": {"@id": _SOFTWARE},
        "result": {"@id": _address(resource)},
    }


def _software() -> dict[str, Any]:
    return {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "unioncrawl",
        "softwareVersion": __version__,
    }


def _rights() -> dict[str, Any]:
    return {
        "@id": _LICENSE,
        "@type": "CreativeWork",
        "name": "Rights of the publishers 版权归原发布者",
        "description": "The texts belong to those who published them; this file grants no licence.",
    }
