"""Providers of mail by their own HTTPS interfaces: letters go out by them, and their reports are
set up and looked at. Only the hosts of a table are spoken to; nothing is ever measured there."""
