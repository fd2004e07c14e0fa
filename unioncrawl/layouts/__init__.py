"""What do the pages of a site share?

`observe` notes what a page that was read in full shows of its layout, `learn_model` learns the site's
boxes from some of them, and `SiteReader` reads the site's other pages without these boxes.
"""

from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import PageBoxes, observe, read_and_observe
from unioncrawl.layouts.read_by_model import ModelReading, read_by_model
from unioncrawl.layouts.site_model import Layout, SiteModel
from unioncrawl.layouts.site_reader import Difference, SiteReader

__all__ = [
    "Difference",
    "Layout",
    "ModelReading",
    "PageBoxes",
    "SiteModel",
    "SiteReader",
    "learn_model",
    "observe",
    "read_and_observe",
    "read_by_model",
]
