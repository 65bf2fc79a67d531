"""Campaigns: writing, preview, check before sending, sending, results."""
