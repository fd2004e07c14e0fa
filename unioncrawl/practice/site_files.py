"""Site files for practice sites that are served on other ports than the bundled files name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from unioncrawl.sites.catalogue import bundled_folder, read_site_file

_HOSTS = re.compile(r"^hosts = \[(?P<named>[^\]]*)\]", re.MULTILINE)


def write_site_files(base_urls: Mapping[str, str], folder: Path) -> None:
    """Write a copy of each practice site's file that reads its lists at the address it is served on.

    ``base_urls`` has the addresses by site id. The port that the bundled file names
    stays the canonical host, so that articles keep their addresses whatever the port.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for site_id, address in base_urls.items():
        bundled = bundled_folder() / f"{site_id}.toml"
        if not bundled.is_file():
            continue  # the index page is not a site
        (named, *_), served = read_site_file(bundled).hosts, urlsplit(address).netloc
        text = bundled.read_text(encoding="utf-8").replace(f"://{named}/", f"://{served}/")
        both = ", ".join(f'"{host}"' for host in dict.fromkeys((named, served)))
        (folder / bundled.name).write_text(_HOSTS.sub(f"hosts = [{both}]", text), encoding="utf-8")
