"""Which saved queries, stories and alerts does somebody want to hear of, and what has happened to them?"""
