"""The text of an article as HTML for the reader: every line escaped, pictures only from the archive itself.

It is made of the stored lines and of the notation of their structure (`unioncrawl.markup`); no stored
HTML is passed on. A browser is sent to no other host: a picture is a link, or comes from a capture.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from markupsafe import Markup, escape

from unioncrawl.guard.web_address import is_web_link
from unioncrawl.markup import Picture, safe_html
from unioncrawl.model import Article

_LINK = Markup('<a class="picture" href="{}" rel="noreferrer noopener external">{}</a>')
_SHOWN = Markup('<img src="{}" alt="{}">')


def shown_text(article: Article, kept: Mapping[str, str], word: str) -> Markup:
    """Return the text of an article; ``kept`` maps addresses of pictures to addresses of the reader.

    ``word`` is what a link to a picture says.

    >>> from unioncrawl.model import Image
    >>> article = Article(url="", body_text="慰问<职工>", images=(Image("http://a.example/1.jpg", "现场"),))
    >>> print(shown_text(article, {}, "图片").partition(" rel=")[0])
    <figure><a class="picture" href="http://a.example/1.jpg"
    >>> print(shown_text(article, {}, "图片").splitlines()[1])
    <p>慰问&lt;职工&gt;</p>
    >>> print(shown_text(article, {"http://a.example/1.jpg": "/captures/3/raw"}, "图片").split(">")[1])
    <img src="/captures/3/raw" alt="现场"
    """
    return Markup(safe_html(article.body_text, article.markup, article.images, _shows(kept, word)))  # noqa: S704 - escaped line by line


def _shows(kept: Mapping[str, str], word: str) -> Callable[[Picture, Collection[str]], str]:
    def show(picture: Picture, lines: Collection[str]) -> str:
        caption = "" if picture.caption in lines else picture.caption
        if picture.url in kept:
            return str(_SHOWN.format(kept[picture.url], caption))
        said = f"{word}：{caption}" if caption else word
        if not is_web_link(picture.url):
            return f"<span>{escape(said)}</span>"
        return str(_LINK.format(picture.url, said))

    return show
