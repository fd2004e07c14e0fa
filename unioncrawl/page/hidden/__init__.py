"""What a page holds and browsers do not show."""
