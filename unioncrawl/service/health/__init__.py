"""Is a site as it was, by its own history, and what is a person to do if it is not?"""
