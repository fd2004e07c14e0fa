"""How is an archive looked at in a browser?"""
