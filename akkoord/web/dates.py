"""Days as the reader's language writes them: "3 mei 2026" in Dutch, "3 May 2026" in English."""

import re

from django.utils.translation import get_language

_SHORT_MONTH = re.compile(r"(?<!\\)b")


def fitting(form: str) -> str:
    """A date's form for this language: Dutch months are written small, English ones are not."""
    if (get_language() or "").startswith("en"):
        return _SHORT_MONTH.sub("M", form)
    return form
