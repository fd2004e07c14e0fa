"""How is a mirror's page put back?"""
