"""A sentence or two of advice, made from the figures and from nothing else."""

from django.utils.translation import gettext as _

from akkoord.insight.choices import Choices, TopicFlow
from akkoord.web.numbers import in_words

MOST = 2
LOSES = 3  # percent of those who say yes now
FEW_CONFIRM = 60  # percent


def advice(figures: Choices) -> list[str]:
    """At most two sentences, the most useful first; none when there is too little to say."""
    found = [
        _letter_that_cost(figures),
        _topic_that_loses(figures),
        _form_without_confirmations(figures),
        _reason_that_counts(figures),
        _favourite(figures),
    ]
    return [each for each in found if each][:MOST]


def _favourite(figures: Choices) -> str:
    """What most people want to hear."""
    best = max(figures.topics, key=lambda each: each.share, default=None)
    if best is None or not best.share:
        return ""
    return _("“%(topic)s” is chosen by %(share)s%% of the people. Put that first.") % {
        "topic": best.name,
        "share": best.share,
    }


def _loss(topic: TopicFlow) -> int:
    """Percent of today's readers that the topic lost in the last month shown."""
    last = topic.months[-1].left if topic.months else None
    return round(100 * last / topic.now) if last and topic.now else 0


def _topic_that_loses(figures: Choices) -> str:
    worst = max(figures.topics, key=_loss, default=None)
    if worst is None or _loss(worst) < LOSES:
        return ""
    return _(
        "“%(topic)s” lost %(percent)s%% of its readers this month. Write less often, or ask what "
        "they would rather read."
    ) % {"topic": worst.name, "percent": _loss(worst)}


def _letter_that_cost(figures: Choices) -> str:
    if not figures.stops.by_letter:
        return ""
    _id, name, n = figures.stops.by_letter[0]
    others = figures.stops.by_letter[1:]
    if others and n < 2 * others[0][2]:
        return ""
    return _("Most people left at “%(letter)s”: %(n)s. See what was different.") % {
        "letter": name,
        "n": in_words(n),
    }


def _form_without_confirmations(figures: Choices) -> str:
    for form in figures.forms:
        if form.posts >= 20 and form.confirmed * 100 < form.posts * FEW_CONFIRM:
            return _(
                "Of %(posts)s people who filled in “%(form)s”, %(confirmed)s confirmed. Check "
                "that your confirmation mail arrives, and what its subject says."
            ) % {
                "posts": in_words(form.posts),
                "form": form.form.name,
                "confirmed": in_words(form.confirmed),
            }
    return ""


def _reason_that_counts(figures: Choices) -> str:
    if not figures.stops.by_reason or figures.stops.by_reason[0][0] != "too-often":
        return ""
    return _("Who says why, mostly says: too often. Offer “less often” in your letters.")
