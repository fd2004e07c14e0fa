"""How do articles leave the archive: tables, JSON, feeds, with numbers masked?"""
