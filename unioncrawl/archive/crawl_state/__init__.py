"""What does the next run need to know: known addresses, owed visits, earlier runs, vanished articles?"""
