"""Which articles are one story, who was first, and what was changed (转载)?"""
