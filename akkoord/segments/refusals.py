"""What the room raises: a group's text that cannot be read, or that goes outside the purpose."""

from akkoord.messages.groups import GroupRefused


class SegmentError(GroupRefused):
    """`code` is stable, `place` counts from 0 in the text, `sentence` says what to do."""
