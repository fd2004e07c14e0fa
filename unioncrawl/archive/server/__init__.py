"""Which PostgreSQL can an archive be in, and how is it spoken to?"""
