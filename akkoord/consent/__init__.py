"""Every fact that changes standing.

Notices, forms, events, confirmation, withdrawal, objection, suppression, the preference centre.

Events are append-only; standing is their fold, kept in the same transaction.
"""
