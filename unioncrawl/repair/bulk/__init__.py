"""How are piles of texts repaired in constant memory?"""
