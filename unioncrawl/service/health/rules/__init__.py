"""What is wrong with a site, by its readings? `table.RULES` has a small function for each kind of fault."""
