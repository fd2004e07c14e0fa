"""How are Chinese bytes read back that were shown in a code page other than Latin-1's?"""
