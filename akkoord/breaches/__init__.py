"""Data leaks (art. 33, 34 GDPR): the 72 hours, who is affected, the decision, who is told, lessons.

A person decides, with a reason; nothing here tells the authority or anybody by itself (INV-41).
"""
