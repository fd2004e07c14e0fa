"""Which pages has the reader? One module a page, each with a ``router``."""
