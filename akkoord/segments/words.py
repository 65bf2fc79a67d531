"""The words of the builder: operators as people say them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy, pgettext_lazy

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
    "within next": pgettext_lazy("group", "is in the next"),
    "anniversary within": pgettext_lazy("group", "comes round in the next"),
    "exactly ago": pgettext_lazy("group", "was exactly so many days ago"),
    "at least ago": pgettext_lazy("group", "was at least so many days ago"),
    "before": pgettext_lazy("group", "is before"),
    "after": pgettext_lazy("group", "is after"),
    "yes days": pgettext_lazy("group", "they did, in the last days"),
    "no days": pgettext_lazy("group", "they did not, in the last days"),
    "yes letters": pgettext_lazy("group", "they did, in the last letters"),
    "no letters": pgettext_lazy("group", "they did not, in the last letters"),
    "in": pgettext_lazy("group", "they are in"),
    "not in": pgettext_lazy("group", "they are not in"),
    "lives": pgettext_lazy("group", "they live within"),
    "lives not": pgettext_lazy("group", "they do not live within"),
    "chose": pgettext_lazy("group", "is chosen"),
    "chose not": pgettext_lazy("group", "is not chosen"),
}
"""Each operator of the builder, in the reader's language."""

DEED_WORDS: Mapping[str, object] = {
    "@bought": pgettext_lazy("group", "how often they bought"),
    "@spent": pgettext_lazy("group", "how much they spent in all"),
    "@opened": pgettext_lazy("group", "opened a letter"),
    "@pressed": pgettext_lazy("group", "pressed a link"),
}
"""What people did, by what stands where a field stands."""

AFTER_WORDS: Mapping[str, object] = {
    "@bought": pgettext_lazy("group", "times"),
    "@spent": pgettext_lazy("group", "euros"),
    "@near": pgettext_lazy("group", "km"),
    "yes days": pgettext_lazy("group", "days"),
    "no days": pgettext_lazy("group", "days"),
    "yes letters": pgettext_lazy("group", "letters"),
    "no letters": pgettext_lazy("group", "letters"),
}
"""What stands behind the number, by the kind or the operator."""

LIST_WORDS: Mapping[str, object] = {
    "@topic": gettext_lazy("Which topic"),
    "@group": gettext_lazy("Which group"),
}
"""What is chosen from a list."""
