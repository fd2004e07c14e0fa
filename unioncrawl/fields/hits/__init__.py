"""How often was the article read (点击量), and who is asked for the number?"""
