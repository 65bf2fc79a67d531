"""Wiring: settings, urls, the embedded database, declarations for libraries' own tables.

The only code that knows everyone.
"""
