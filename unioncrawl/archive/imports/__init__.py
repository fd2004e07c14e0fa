"""How do articles of other programs, tables and WARC files come into the archive?"""
