"""What the owner or the privacy officer decides of a column that was kept out (INV-32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role, Staff
from akkoord.imports.models import SensitiveDecision
from akkoord.imports.order import ImportRefused
from akkoord.imports.screening import Verdict
from akkoord.law.reasons import Reason
from akkoord.law.sensitive import NEVER, Sensitive
from akkoord.trail.actions import Actor, record_change

GROUNDS = ("9(2)(a)", "9(2)(d)", "9(2)(e)", "9(2)(f)")
"""The exceptions that a business can ever have: explicit consent, an association's own members,
made public by the person, a legal claim."""

_MAY_DECIDE = (Role.OWNER, Role.PRIVACY_OFFICER)


def verdicts_of(layout: str) -> dict[str, Verdict]:
    """What was decided of the columns of such files, by column name."""
    return {
        each.column: Verdict(frozenset(map(Sensitive, each.classes)))
        for each in SensitiveDecision.objects.filter(layout=layout)
    }


@transaction.atomic
def decide(
    *,
    layout: str,
    column: str,
    kind: str,
    classes: list[str],
    ground: str = "",
    reason: str = "",
    at: datetime,
    actor: Actor,
) -> SensitiveDecision:
    """Decide of a column, for this and later files; the decision and its ground are recorded.

    Only the owner or the privacy officer. No decision lets a BSN or criminal data in: those cells
    stay out whatever is decided. Refuses an exception without a ground of art. 9(2) or a reason.
    """
    staff = Staff.objects.filter(id=actor.id, is_active=True).first() if actor.id else None
    if staff is None or staff.role not in _MAY_DECIDE:
        raise ImportRefused(
            Reason.SENSITIVE, _("Only the owner or the privacy officer decides of this column.")
        )
    if kind == SensitiveDecision.Kind.EXCEPTION and ground not in GROUNDS:
        raise ImportRefused(
            Reason.SENSITIVE, _("Choose on which exception of art. 9(2) GDPR this rests.")
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
            "ground": ground if kind == SensitiveDecision.Kind.EXCEPTION else "",
            "reason": reason.strip()[:500],
            "by_staff": staff.pk,
            "at": at,
        },
    )
    record_change(
        actor=actor,
        action="import.decide-column",
        object_kind="sensitive-decision",
        object_id=decision.id,
        fields=["kind", "ground", "reason"],
        at=at,
    )
    return decision
