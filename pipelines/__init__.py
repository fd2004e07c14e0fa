"""Item pipelines: thin adapters, each calls one library function."""
