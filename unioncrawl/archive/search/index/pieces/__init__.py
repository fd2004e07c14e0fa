"""How does an archive on PostgreSQL keep the words of its articles? As sorted numbers, in pieces."""
