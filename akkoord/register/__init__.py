"""What the organisation declares: controller, processing activities, purposes, fields, terms.

Versioned, never edited in place, and holds nobody's data.
"""
