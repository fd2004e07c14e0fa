"""When was the article published?"""
