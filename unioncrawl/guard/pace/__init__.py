"""How rarely, and with which leave, is a host asked: its pace over all processes, its robots.txt?"""
