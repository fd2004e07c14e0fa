"""What does a mirror do to a page, and by what is its damage known?"""
