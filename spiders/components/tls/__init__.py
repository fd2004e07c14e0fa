"""How is a server reached over TLS, one of an older time too, and what is wrong with its certificate?"""
