"""Which pictures and files does the article have?"""
