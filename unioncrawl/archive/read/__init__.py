"""What does the archive hold of an article: its state, its history, as records and as JSON?"""
