"""The commands of ``unioncrawl``: one module each, parse, call the library, print."""
