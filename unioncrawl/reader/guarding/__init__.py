"""Who may ask the reader, what for, and what may an answer do in a browser?"""
