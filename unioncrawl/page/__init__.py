"""Where on a page are its lines, its headline, its text?"""
