"""Who wrote, photographed, edited and checked the article, and whose text is it?"""
