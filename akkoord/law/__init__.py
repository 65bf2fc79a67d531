"""The law as pure decisions: reason codes, states, dated parameters, deadlines and refusals.

Standard library only: no Django, no database, no clock. Whoever calls passes the time, the
holidays and the facts; the answer is a value. Nothing here holds a sentence for a reader: rooms
with translations turn a reason code into words. What the law does not settle is refused, with a
reason (INV-2).
"""
