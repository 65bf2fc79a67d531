"""What letters are made of: blocks, the organisation's style, ready letters, pictures.

A letter of blocks is a tree in JSON under a strict schema; it becomes MJML of ours, one block on a
line, and goes through the compiler of `messages` as every letter does. Pictures are ours: drawn
anew, without what a camera wrote into them, and handed out without a trace of who looked (INV-28).
"""
