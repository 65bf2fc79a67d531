"""Examples of a ready letter that nobody replaced: they tell the author what to write."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.campaigns.models import Campaign
from akkoord.composing.ready import still_examples
from akkoord.composing.tree import TreeRefused, read_tree


def examples_in(campaign: Campaign) -> list[int]:
    """The places, from 1, of the blocks that still hold an example; none for another kind."""
    if not campaign.is_blocks:
        return []
    try:
        return still_examples(read_tree(campaign.body))
    except TreeRefused:
        return []  # the check says so


def example_sentence(places: list[int]) -> str:
    """Which blocks, and what to do."""
    *first, last = [str(place) for place in places]
    shown = _("{first} and {last}").format(first=", ".join(first), last=last) if first else last
    return ngettext(
        "Block {places} still holds the example of the ready letter. Write your own words.",
        "Blocks {places} still hold the examples of the ready letter. Write your own words.",
        len(places),
    ).format(places=shown)
