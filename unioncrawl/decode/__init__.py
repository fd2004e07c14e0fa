"""Which encoding is a page in, and what decided it? From bytes to text."""

from unioncrawl.decode.order import Decoded, decode_page, decode_raw

__all__ = ["Decoded", "decode_page", "decode_raw"]
