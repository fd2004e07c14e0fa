"""How are raw responses kept in WARC files, and how are they read again?"""
