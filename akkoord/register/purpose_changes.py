"""Data that begins to serve another purpose: asked about, judged, written down (art. 6(4)).

Every road to another purpose ends in an action that asks here: a field that a further activity may
use, and other words for what an activity is for. Without answers nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from akkoord.datamap.plain_words import note_problem
from akkoord.law.field_rules import announced_by, announced_by_name
from akkoord.law.purpose_rules import GOES_ON, Data, Outcome, Weighed, judge_change, needs_answers
from akkoord.law.states import Basis
from akkoord.register.kept import is_kept
from akkoord.register.models import ActivityField, ProcessingActivity, Purpose
from akkoord.register.nobody import refuse_persons
from akkoord.register.purpose_models import PurposeChange
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor

NOT_BY_FORM = frozenset({"last_purchase", "purchase_amount", "product_group", "relation", "source"})
"""Fields that Akkoord writes down itself: no form asks them, so no yes brought them in."""


class NeedsWeighing(RegisterRefused):
    """The questions of art. 6(4) are not answered. `asks`: whether the five are asked at all."""

    def __init__(self, field: str, sentence: str, *, data: Data) -> None:
        super().__init__(field, sentence)
        self.data = data

    @property
    def asks(self) -> bool:
        """Whether there is something to weigh, or the law leaves no choice."""
        return needs_answers(self.data)


@dataclass(frozen=True, slots=True)
class Words:
    """What data was for and what it is for now, in both languages."""

    before_nl: str
    before_en: str
    after_nl: str
    after_en: str


def data_of_activity(activity: ProcessingActivity) -> Data:
    """What is known of the data of an activity whose purpose changes."""
    kinds = (*activity.data_nl, *activity.data_en)
    return Data(
        rests_on_consent=activity.legal_basis == Basis.CONSENT,
        is_special=bool(announced_by(kinds) | announced_by_name(*kinds)),
        may_be_same=True,
    )


def earlier_activities(field_key: str, activity_key: str) -> list[ProcessingActivity]:
    """What a field was given for, each activity as it is or was last; one statement.

    Not what it came to serve later on, by answers that it fits: that brought nothing in. What no
    form asks (what somebody bought) was never given with a yes.
    """
    keys = ActivityField.objects.filter(field__key=field_key).exclude(activity_key=activity_key)
    later = PurposeChange.objects.filter(field_key=field_key, outcome=Outcome.COMPATIBLE)
    found = ProcessingActivity.objects.filter(key__in=keys.values("activity_key"))
    found = found.exclude(key__in=later.values("activity_key"))
    if field_key in NOT_BY_FORM:
        found = found.exclude(legal_basis=Basis.CONSENT)
    return list(found.order_by("key", "-version").distinct("key"))


def data_of_field(
    field_key: str, activity_key: str, *, is_special: bool
) -> tuple[Data, list[ProcessingActivity]] | None:
    """What is known of a field that a further activity wants; None: it serves no other purpose.

    That is so while nothing is kept in it: whoever fills it in reads of every purpose. One yes
    among the purposes that it was asked for makes that all of it rests on consent.
    """
    others = earlier_activities(field_key, activity_key)
    if not others or not is_kept(field_key):
        return None
    consent = any(each.legal_basis == Basis.CONSENT for each in others)
    return Data(rests_on_consent=consent, is_special=is_special), others


def judged(data: Data, weighed: Weighed | None, *, field: str) -> Outcome:
    """The outcome of a change that may be made. Raises NeedsWeighing, RegisterRefused."""
    if weighed is not None:
        refuse_persons({"because": weighed.reason})
        if problem := note_problem(weighed.reason):
            raise RegisterRefused("because", problem)
    outcome = judge_change(data, weighed)
    if outcome in GOES_ON:
        return outcome
    if outcome is Outcome.UNANSWERED:
        raise NeedsWeighing(field, _unanswered(data), data=data)
    if outcome is Outcome.SPECIAL:
        raise RegisterRefused(
            field, _("This is sensitive data. It never serves another purpose (art. 9 GDPR).")
        )
    raise RegisterRefused(
        field,
        _(
            "The new purpose does not fit what people gave this for (art. 6(4) GDPR). Ask them "
            "anew, with a topic of its own."
        ),
    )


def _unanswered(data: Data) -> str:
    if data.may_be_same:
        return _("This changes what the data is for. Answer the questions below (art. 6(4) GDPR).")
    if needs_answers(data):
        return _(
            "People gave this for something else. Answer the questions below (art. 6(4) GDPR)."
        )
    return _(
        "People said yes to something else. It may be used only of who says yes to this from now "
        "on. Say below why you want it (art. 6(4) GDPR)."
    )


def demand_topic(activity_key: str, *, field: str) -> Purpose:
    """The topic to which people can say yes anew. Refuses an activity without one."""
    topic = Purpose.objects.filter(activity_key=activity_key, ended_at=None).first()
    if topic is None:
        raise RegisterRefused(
            field,
            _(
                "This needs a new yes of people, and nobody can say yes to this activity. Make a "
                "topic for it (art. 6(4), 7 GDPR)."
            ),
        )
    return topic


def write_change(
    *,
    activity_key: str,
    words: Words,
    outcome: Outcome,
    weighed: Weighed,
    at: datetime,
    actor: Actor,
    field_key: str = "",
) -> PurposeChange:
    """Write down what was answered and what followed, in the caller's transaction."""
    return PurposeChange.objects.create(
        activity_key=activity_key,
        field_key=field_key,
        before_nl=words.before_nl,
        before_en=words.before_en,
        after_nl=words.after_nl,
        after_en=words.after_en,
        answers={factor.value: answer.value for factor, answer in weighed.answers.items()},
        outcome=outcome,
        reason=weighed.reason.strip()[:300],
        decided_at=at,
        decided_by=actor.id,
    )
