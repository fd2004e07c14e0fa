"""How do several workers share the work on an archive: which jobs are there, and what if a worker dies?"""
