"""The words of the builder: operators as people say them."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

OPERATOR_WORDS: Mapping[str, object] = {
    "is": pgettext_lazy("group", "is"),
    "is not": pgettext_lazy("group", "is not"),
    "contains": pgettext_lazy("group", "contains"),
    "starts with": pgettext_lazy("group", "starts with"),
    "is empty": pgettext_lazy("group", "is not known"),
    "is not empty": pgettext_lazy("group", "is known"),
    "more than": pgettext_lazy("group", "is more than"),
    "less than": pgettext_lazy("group", "is less than"),
    "at least": pgettext_lazy("group", "is at least"),
    "at most": pgettext_lazy("group", "is at most"),
    "within": pgettext_lazy("group", "was in the last"),
    "before": pgettext_lazy("group", "is before"),
    "after": pgettext_lazy("group", "is after"),
    "chose": pgettext_lazy("group", "is chosen"),
    "chose not": pgettext_lazy("group", "is not chosen"),
}
"""Each operator of the builder, in the reader's language."""
