"""How gently is a host asked, and what is remembered of it from one run to the next?"""
