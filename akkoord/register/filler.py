"""The line that stands in an example of work for clients until somebody says who they are."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _


def filler_line() -> str:
    """The line, in the reader's language."""
    return _("Clients: to be filled in")


def awaits_clients(clients: Sequence[str]) -> bool:
    """Whether that line still stands among the clients: art. 30(2)(a) asks for their names."""
    lines = set()
    for language in ("nl", "en"):
        with translation.override(language):
            lines.add(filler_line())
    return bool(lines & set(clients))
