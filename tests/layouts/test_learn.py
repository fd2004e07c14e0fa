"""A site's model is a pure function of the pages that it is learnt from."""

from __future__ import annotations

from tests.layouts.made_site import page_of
from unioncrawl.layouts.learn import learn_model
from unioncrawl.layouts.page_boxes import PageBoxes, read_and_observe
from unioncrawl.layouts.site_model import SiteModel


def seen(*numbers: int) -> list[PageBoxes]:
    """What pages of the made site show."""
    found = (read_and_observe(page_of(number))[1] for number in numbers)
    return [one for one in found if one is not None]


def test_the_order_of_the_pages_does_not_count() -> None:
    """The same pages give the same model, whatever their order, and however often one comes."""
    pages = seen(*range(8))
    model = learn_model("linxi", pages)
    assert learn_model("linxi", [*reversed(pages), pages[3]]) == model
    assert learn_model("linxi", seen(*range(9))).id != model.id


def test_a_model_comes_back_from_its_json() -> None:
    """The JSON of a model gives the same model with the same id, and another format gives none."""
    model = learn_model("linxi", seen(*range(8)))
    back = SiteModel.from_json(model.to_json())
    assert back == model
    assert back is not None
    assert back.id == model.id
    assert SiteModel.from_json(model.to_json().replace('"format":1', '"format":0')) is None


def test_few_pages_make_no_layout() -> None:
    """Four pages of a layout are too few: the model knows none, and no box."""
    model = learn_model("linxi", seen(*range(4)))
    assert model.layouts == ()
    assert model.boxes == 0
    assert learn_model("linxi", seen(*range(5))).boxes > 0
