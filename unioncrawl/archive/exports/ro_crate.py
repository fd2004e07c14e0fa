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
    resources: Sequence[Mapping[str, Any]] = package["resources"]
    files = [_file(one) for one in resources]
    return {
        "@context": f"{_PROFILE}/context",
        "@graph": [
            _descriptor(),
            _root(package, [one["@id"] for one in files]),
            *files,
            _codebook(),
            *(_export(one) for one in resources),
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


def _root(package: Mapping[str, Any], files: Sequence[str]) -> dict[str, Any]:
    counted = sum(int(one.get("articles", 0)) for one in package["resources"])
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package["title"],
        "description": f"News of Chinese labour unions: {counted:,} articles in {len(files)} files."
        " 中国各级工会网站新闻的导出。",
        "datePublished": str(package["created"])[:10],
        "inLanguage": "zh-CN",
        "license": {"@id": _LICENSE},
        "hasPart": [{"@id": name} for name in (*files, _PACKAGE)],
        "mentions": [{"@id": _export_id(one)} for one in package["resources"]],
    }


def _file(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": _address(resource),
        "@type": "File",
        "name": resource["path"],
        "description": resource.get("description") or f"{resource['articles']:,} articles.",
        "encodingFormat": resource["mediatype"],
        "contentSize": str(resource["bytes"]),
        "sha256": str(resource["hash"]).removeprefix("sha256:"),
        "dateCreated": resource["created"],
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
