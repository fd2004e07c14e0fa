"""Is everything in the archive as it was written?"""
