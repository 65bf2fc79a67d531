"""The public notice as the letter proposes it: the same words, to nobody in particular."""

from akkoord.breaches.letter_facts import letter_of, paragraphs_of
from akkoord.breaches.models import Breach


def proposed(breach: Breach) -> str:
    """The letter's parts under their heads, in Dutch."""
    written = paragraphs_of(letter_of(breach, "nl"), "nl")
    return "\n\n".join(f"{head}\n{text}" if head else text for head, text in written if text)
