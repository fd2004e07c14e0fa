"""What keeps an archive going for years: when a site is due, whether it is well, and who is told."""
