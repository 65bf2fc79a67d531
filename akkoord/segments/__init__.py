"""Groups of people, in a small language that can be read aloud, bound to the letter's purpose.

`language` reads and writes the text, `compile` makes one SQL condition of it. A field that the
topic's activity did not admit does not compile, and special categories never do; who asked to have
the use of their data frozen is in no group (INV-38).
"""
