"""How are articles kept so that a search finds them?"""
