"""How is an archived article cited, in the forms that papers, reference managers and browsers read?"""
