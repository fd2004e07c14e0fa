"""Is this article new, the same, a revision or an alias, and which rows does it become?"""
