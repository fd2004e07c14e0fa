"""How are the lists of a CMS family walked, where the general way does not do?"""
