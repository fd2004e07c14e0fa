"""How does an index that lies beside the database answer, and keep up with it?"""
