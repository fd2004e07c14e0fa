"""What is kept from harming a run: foreign addresses, endless bodies, full disks, outages?"""
