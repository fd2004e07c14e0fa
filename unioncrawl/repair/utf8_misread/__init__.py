"""How is UTF-8 read back that was shown as GBK or as Latin-1, with bytes lost or not?"""
