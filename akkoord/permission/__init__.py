"""The gate: may person P be reached for purpose U over channel C, and why.

Each rule is one named query condition, used as a set and one by one. It only reads.
There is no override.
"""
