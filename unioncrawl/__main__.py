"""``python -m unioncrawl``."""

from __future__ import annotations

from unioncrawl.cli import main

if __name__ == "__main__":
    main()
