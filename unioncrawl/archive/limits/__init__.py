"""What keeps a long batch and a long question within bounds: collections of garbage, and time."""
