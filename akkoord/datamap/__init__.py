"""Which personal data we hold, of whom, for what, and what happens to it at erasure.

Owns the declarations beside the models, the field catalogue's vocabulary (W3C DPV), the keys, and
the engines that run from the declarations: export, erase, scan. Names no other room's models.
"""
