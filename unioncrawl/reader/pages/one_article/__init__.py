"""What does the reader show of one article besides its text: its history, its damage, its page as it came?"""
