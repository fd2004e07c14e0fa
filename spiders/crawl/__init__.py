"""How is a site walked: lists, articles, counters, refusals?"""
