"""Channels as transports, and the outbox for single messages.

Owns SMTP, DKIM and the built-in mailbox. Refuses any kind of mail outside the closed list in `law`
without the evidence that the gate gave. Never decides who may be reached.
"""
