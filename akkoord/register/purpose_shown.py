"""What was answered when data began to serve another purpose, as the history shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from akkoord.law.purpose_rules import Answer, Factor, Outcome
from akkoord.register.models import PurposeChange, language_now
from akkoord.register.purpose_forms import QUESTIONS
from akkoord.register.queries import names_of_fields, purpose_changes
from akkoord.trail.queries import staff_names

OUTCOMES = {
    Outcome.SAME: gettext_lazy("Other words, the same purpose"),
    Outcome.COMPATIBLE: gettext_lazy("It fits what people gave it for"),
    Outcome.CONSENT_ANEW: gettext_lazy("Only of who says yes anew"),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change of purpose, in words."""

    at: datetime
    by: str
    field: str
    before: str
    after: str
    outcome: Any
    is_good: bool
    reason: str
    answers: Sequence[tuple[Any, Any]]


def shown_changes(activity_key: str) -> list[ShownChange]:
    """Every change of purpose of an activity, the newest first; three statements."""
    found = list(purpose_changes(activity_key))
    names = staff_names({each.decided_by for each in found if each.decided_by})
    return [
        _shown(each, names.get(each.decided_by, "") if each.decided_by else "") for each in found
    ]


def _shown(change: PurposeChange, by: str) -> ShownChange:
    is_english = language_now() == "en"
    return ShownChange(
        at=change.decided_at,
        by=by,
        field=", ".join(names_of_fields([change.field_key])) if change.field_key else "",
        before=change.before_en if is_english else change.before_nl,
        after=change.after_en if is_english else change.after_nl,
        outcome=OUTCOMES[Outcome(change.outcome)],
        is_good=change.outcome != Outcome.CONSENT_ANEW,
        reason=change.reason,
        answers=[
            (QUESTIONS[factor][0], QUESTIONS[factor][1][Answer(change.answers[factor])])
            for factor in Factor
            if factor in change.answers
        ],
    )
