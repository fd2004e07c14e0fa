"""Small e-papers, one for each way in which their issues are found."""

from __future__ import annotations

from tests.spiders.canned import Pages, Prepared, article, listing


def founder() -> Prepared:
    """An e-paper: the home page jumps to today; two pages a day; one day without an issue."""
    pages: Pages = {"/": "<html><script>window.location.href='html/2025-03/12/node_1.htm'</script></html>"}
    for day, numbers in (("12", (1, 2)), ("10", (3, 4))):
        for node, number in zip((1, 2), numbers, strict=True):
            pages[f"/html/2025-03/{day}/content_{number}.htm"] = article(number)
            nodes = "<a href='node_1.htm'>第01版</a><a href='node_2.htm'>第02版</a>"
            pages[f"/html/2025-03/{day}/node_{node}.htm"] = listing([f"content_{number}.htm"], nodes)
    return Prepared(pages, ["/"], 4)


def founder_named() -> Prepared:
    """An e-paper whose pages are named nbs.…, and that links to the issue before."""
    names = [f"nbs.D110000zjgrrb_0{node}.htm" for node in (1, 2)]
    pages: Pages = {
        "/": f"<html><meta http-equiv='refresh' content='0;url=html/2025-03/12/{names[0]}'></html>"
    }
    for day, before, numbers in (("12", "10", (1, 2)), ("10", "", (3, 4))):
        nodes = "".join(f"<a href='{name}'>第0{n}版</a>" for n, name in enumerate(names))
        back = f"<a href='../{before}/{names[0]}'>上一期</a>" if before else ""
        for name, number in zip(names, numbers, strict=True):
            pages[f"/html/2025-03/{day}/content_{number}.htm?div=-1"] = article(number)
            pages[f"/html/2025-03/{day}/{name}"] = listing([f"content_{number}.htm?div=-1"], nodes + back)
    return Prepared(pages, ["/"], 4)


def founder_new() -> Prepared:
    """A newer e-paper: indexes below /pc/layout/, articles below /pc/c/; no link to the day before."""
    pages: Pages = {}
    for day, numbers in (("202503/12", (1, 2)), ("202503/11", (3, 4))):
        nodes = "<a href='node_01.html'>第01版</a><a href='node_02.html'>第02版</a>"
        for node, number in zip((1, 2), numbers, strict=True):
            pages[f"/pc/c/{day}/content_{number}.html"] = article(number)
            pages[f"/pc/layout/{day}/node_0{node}.html"] = listing(
                [f"../../../c/{day}/content_{number}.html"], nodes
            )
    return Prepared(pages, ["/pc/layout/202503/12/node_01.html"], 4)


def workercn_paper() -> Prepared:
    """The e-paper of 工人日报: a folder for each page of a day."""
    pages: Pages = {}
    for day, numbers in (("12", (1, 2)), ("11", (3, 4))):
        folders = "<a href='../1/page.html'>01版</a><a href='../2/page.html'>02版</a>"
        for folder, number in zip((1, 2), numbers, strict=True):
            base = f"/papers/grrb/2025/03/{day}/{folder}"
            pages[f"{base}/news-1.html"] = article(number)
            pages[f"{base}/page.html"] = listing(["news-1.html"], folders)
    return Prepared(pages, ["/papers/grrb/2025/03/12/1/page.html"], 4)
