"""The API for other systems: who stops, who may be reached, who asks to sign up.

Owns no facts. A key claims for somebody else: it can always say no for a person, and never yes.
"""
