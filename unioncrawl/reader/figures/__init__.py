"""Which figures are there? Each asks the archive, says it in words, and draws it."""
