"""How is an archive kept: backup, vacuum, takedown, reprocessing?"""
