"""What the organisation declares: the controller, processing activities, purposes, fields, recipients, terms.

Versioned, never edited in place, and holds nobody's data.
"""
