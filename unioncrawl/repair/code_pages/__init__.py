"""Which code page was a text's bytes read in, and what were they before?"""
