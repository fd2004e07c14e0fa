"""How does an archive move to another file or server, and what proves that every row arrived?"""
