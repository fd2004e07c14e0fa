"""How does a notice reach a mailbox or a robot, and how is a refusal noticed?"""
