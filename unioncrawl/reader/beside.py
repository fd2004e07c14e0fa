"""A reader beside the program that starts it: in a notebook, in a test, for a picture."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from unioncrawl.reader.app import build_app
from unioncrawl.reader.serving import address_of, listen, make_server
from unioncrawl.reader.settings import LOOPBACK, ReaderSettings

# How often it is looked whether the reader has started.
_LOOK_SECONDS = 0.01


@contextmanager
def served(settings: ReaderSettings) -> Iterator[str]:
    """Give the address of a reader on a free port of the loopback, which answers in a thread.

    Raises as `unioncrawl.reader.app.build_app` does.
    """
    listener = listen(LOOPBACK, 0)
    server = make_server(build_app(settings), settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while thread.is_alive() and not server.started:
        time.sleep(_LOOK_SECONDS)
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
