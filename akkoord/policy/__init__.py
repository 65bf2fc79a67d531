"""The privacy policy, made from the register in plain language, and how easy a text reads.

Facts come from the register, so that the policy cannot say anything else than what is done; a
policy that lacks an element of art. 13 or 14 is not published (INV-43). A version that was
published is never changed.
"""
