"""Which articles match a query, how many are there, and in which order?"""
