"""When is a site due, in which window, and who else is at work on the same archive or host?"""
