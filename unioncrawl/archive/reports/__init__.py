"""How much was published, where and when, and how did the hits run?"""
