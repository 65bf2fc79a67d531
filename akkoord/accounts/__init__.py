"""Staff, their roles and their second factor.

Owns the staff user model and the one place where a role is checked. Never knows customers.
"""
