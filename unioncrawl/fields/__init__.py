"""One module a field: how it is taken from the metadata lines, and what it falls back on."""
