"""How is an archive opened by whoever only reads: a command, the reader, a notebook?"""
