"""Take the pictures of the documents: docs/pictures/*.png, of invented sites.

Usage: python tools/take_screenshots.py [NAME ...]

Makes an archive of its own (`tools.pictures.invented_archive`), serves it on a free loopback port and
opens its pages in Debian's Chromium. Size, type and texts are the same each time. Needs
Chromium and fonts-noto-cjk (`tools/install_services.sh`).
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.pictures.invented_archive import Shown, build_archive  # noqa: E402 - the checkout's own
from unioncrawl.reader.beside import served  # noqa: E402
from unioncrawl.reader.settings import ReaderSettings  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
DESKTOP, TALL, PHONE = (1120, 800), (1120, 1300), (390, 780)
# Pages have few colours: so many give smooth letters.
_COLOURS = 128
_TREND = "q=送清凉&q=送温暖&q=技能竞赛&by=month&since=2024-12"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: a page, in which window, from which element on."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: Literal["light", "dark"] = "light"
    begin: str = ""


def pictures(shown: Shown) -> tuple[Picture, ...]:
    """Return what is taken of the invented archive; those in English end with ``-en``."""
    story, damaged = shown.numbers["story"], shown.numbers["damaged"]
    return (
        Picture("search", "/?q=技能竞赛"),
        Picture("search-en", "/?q=技能竞赛&lang=en"),
        Picture("article", f"/articles/{story}"),
        Picture("article-en", f"/articles/{story}?lang=en"),
        Picture("hits", f"/articles/{story}", (1120, 470), begin="#hits"),
        Picture("repair", f"/articles/{damaged}/repair", TALL),
        Picture("repair-en", f"/articles/{damaged}/repair?lang=en", TALL),
        Picture("lineage", f"/articles/{story}/lineage"),
        Picture("lineage-en", f"/articles/{story}/lineage?lang=en"),
        Picture("trends", f"/trends?{_TREND}", (1120, 900)),
        Picture("trends-en", f"/trends?{_TREND}&lang=en", (1120, 900)),
        Picture("ledger", f"/articles/{damaged}/ledger"),
        Picture("ledger-en", f"/articles/{damaged}/ledger?lang=en"),
        Picture("phone-dark", "/?q=送清凉", PHONE, "dark"),
        Picture("phone-repair", f"/articles/{damaged}/repair", PHONE, begin="#field-3"),
        Picture("large-type", f"/articles/{story}?type=large"),
    )


def take(browser: Browser, address: str, picture: Picture) -> bytes:
    """Return one picture as PNG of few colours."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=picture.scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(address + picture.path)
    if picture.begin:
        page.locator(picture.begin).evaluate("one => one.scrollIntoView()")
    raw = page.screenshot()
    context.close()
    return packed(raw)


def packed(raw: bytes) -> bytes:
    """Return a picture of few colours, as small as PNG can be."""
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    image = image.quantize(_COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(wanted: list[str]) -> None:
    """Take the pictures that are wanted, or all."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        shown = build_archive(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        settings = ReaderSettings(archive=shown.address, captures=shown.captures)
        with served(settings) as address:
            for picture in pictures(shown):
                if not wanted or picture.name in wanted:
                    _keep(picture.name, take(browser, address, picture))


def _keep(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        sys.exit(f"{name}.png has {len(content)} bytes, more than {MOST_BYTES}")
    (PICTURES / f"{name}.png").write_bytes(content)
    print(f"{name}.png {len(content)}")


if __name__ == "__main__":
    main(sys.argv[1:])
