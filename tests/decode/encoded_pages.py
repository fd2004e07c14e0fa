"""A story as a page in any encoding, for the tests of decoding."""

from __future__ import annotations

from unioncrawl.decode.order import Decoded

STORY = (
    "<p>近日，青石县总工会组织开展“送清凉”活动，慰问高温下坚守岗位的一线职工，并为他们送去防暑降温物品。</p>"
    "<p>县总工会主席走进车间，了解企业生产情况，叮嘱大家注意休息，做好劳动保护工作。</p>"
)
TRADITIONAL = "<p>本會日前舉行勞工權益座談會，與會代表就工時與薪資問題交換意見，並通過三項決議。</p>"


def page(charset: str, story: str = STORY) -> str:
    """A page of the story, with or without a meta."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>县总工会</title></head><body>{story}</body></html>"


def typed(charset: str) -> dict[str, str]:
    """Headers with this charset."""
    return {"Content-Type": f"text/html; charset={charset}"}


def rules(decoded: Decoded) -> list[str]:
    """The rules of the evidence, in order."""
    return [piece.rule for piece in decoded.evidence]
