"""Numbers in sentences as the reader's language writes them: 1.102 in Dutch, 1,102 in English."""

from django.utils.formats import number_format


def in_words(number: float) -> str:
    """With its thousands apart."""
    return str(number_format(number, use_l10n=True, force_grouping=True))
