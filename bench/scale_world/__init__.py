"""How is a service of several workers tried: sites whose right archive is known, faults, and judges?"""
