"""Every fact that changes standing: notices, forms, events, confirmation, withdrawal, objection, suppression.

Events are append-only; standing is their fold, kept in the same transaction.
"""
