"""What does Chinese text need anywhere: one script, one width, statistics, names, pinyin, China's time?"""
