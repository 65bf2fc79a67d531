"""Akkoord: the direct-marketing CRM that cannot break the law by accident."""

__version__ = "0.1.0"
