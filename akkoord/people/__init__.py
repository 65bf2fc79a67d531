"""Persons, contact points, companies and relations with their proof.

Everything we know of a person is reachable from one id. Never decides whether they may be reached.
"""
