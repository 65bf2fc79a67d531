"""What the owner or the privacy officer decides of a column that was kept out (INV-32)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.imports.models import SensitiveDecision
from akkoord.imports.order import ImportRefused
from akkoord.imports.screening import Verdict
from akkoord.law.exception_rules import latest_end
from akkoord.law.reasons import Reason
from akkoord.law.sensitive import NEVER, Sensitive
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor, record_change

_MAY_DECIDE = (Role.OWNER, Role.PRIVACY_OFFICER)


def verdicts_of(layout: str, *, on: date) -> dict[str, Verdict]:
    """What was decided of the columns of such files and still holds that day, by column name."""
    return {
        each.column: Verdict(frozenset(map(Sensitive, each.classes)))
        for each in SensitiveDecision.objects.filter(layout=layout, until__gte=on)
    }


@transaction.atomic
def decide(
    *,
    layout: str,
    column: str,
    kind: str,
    classes: list[str],
    reason: str = "",
    at: datetime,
    actor: Actor,
) -> SensitiveDecision:
    """Decide of a column, for this and later files, for a year at the most.

    Only the owner or the privacy officer. No decision lets data of a special category in: for that
    a field of its own is opened by an exception in the register. Refuses one that should, and a
    mistake without a reason. A BSN or criminal data stays out whatever is decided.
    """
    staff = Staff.objects.filter(id=actor.id, is_active=True).first() if actor.id else None
    if staff is None or staff.role not in _MAY_DECIDE:
        raise ImportRefused(
            Reason.SENSITIVE, _("Only the owner or the privacy officer decides of this column.")
        )
    if kind == SensitiveDecision.Kind.EXCEPTION:
        raise ImportRefused(
            Reason.SENSITIVE,
            _(
                "Such cells come in only by an exception for a field of their own. The owner "
                "records it in the register, at “Fields of your own”."
            ),
        )
    if kind != SensitiveDecision.Kind.CELLS_OUT and not reason.strip():
        raise ImportRefused(Reason.SENSITIVE, _("Write down why this is so."))
    lets_in = (
        []
        if kind == SensitiveDecision.Kind.CELLS_OUT
        else sorted(str(each) for each in set(map(Sensitive, classes)) - NEVER)
    )
    decision, _new = SensitiveDecision.objects.update_or_create(
        layout=layout,
        column=column.lower()[:120],
        defaults={
            "kind": kind,
            "classes": lets_in,
            "ground": "",
            "reason": reason.strip()[:500],
            "by_staff": staff.pk,
            "at": at,
            "until": latest_end(law_day(at)),
        },
    )
    record_change(
        actor=actor,
        action="import.decide-column",
        object_kind="sensitive-decision",
        object_id=decision.id,
        fields=["kind", "reason", "until"],
        at=at,
    )
    return decision
