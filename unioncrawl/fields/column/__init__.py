"""In which column (栏目) does the article stand?"""
