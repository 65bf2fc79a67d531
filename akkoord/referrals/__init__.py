"""Tell a friend, within the law (OPTA/CBP 2008; INV-27).

A card or link that customers give away themselves, and one mail on a customer's behalf. Promises
that the mail carries no reward, was seen whole by its sender, goes once and to nobody who said no,
and that the friend's address is gone as soon as it left. Keeps nobody's friends.
"""
