"""Who did what, and the sealed ledger primitive.

Owns changes, blocks and leaves. Promises that history cannot be changed unnoticed (RFC 6962
hashing).
Never stores a value of personal data in a change, only field names.
"""
