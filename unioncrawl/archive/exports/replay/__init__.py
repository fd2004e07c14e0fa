"""How do captured pages leave the archive, so that a browser replays them?"""
