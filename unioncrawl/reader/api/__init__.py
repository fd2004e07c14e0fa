"""What does the reader answer to programs?"""
