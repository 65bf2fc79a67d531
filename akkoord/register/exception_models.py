"""The table of exceptions on which a field of a special category rests (art. 9(2); INV-32)."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7
from akkoord.law.exception_rules import GROUNDS, MAY_SEE, OPENABLE, ExceptionGround

SPECIAL = "art9-"
"""How the key of an activity begins that holds one such field, and of its purpose."""

_OPENS = reduce(
    or_,
    (Q(ground=str(each), kind__in=sorted(map(str, rule.opens))) for each, rule in GROUNDS.items()),
)


@no_personal_data(
    why="Why a field of a special category may be kept, until when, and who sees it.",
    plain=(
        "id",
        "field_id",
        "kind",
        "ground",
        "reason",
        "seen_by",
        "since",
        "until",
        "purpose_id",
        "made_at",
        "made_by",
        "ended_at",
        "ended_by",
    ),
)
class FieldException(models.Model):
    """An exception as the owner decided it; what follows on it is a row of its own.

    It opens that field only, through its last day (`until`) or until somebody ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    field = models.ForeignKey(
        "register.PersonalDataField", on_delete=models.PROTECT, related_name="exceptions"
    )
    kind = models.CharField(max_length=20)  # law.sensitive.Sensitive
    ground = models.CharField(max_length=10)  # law.exception_rules.ExceptionGround
    reason = models.CharField(max_length=500)
    seen_by = models.CharField(max_length=20)  # the one role that reads it
    since = models.DateField()
    until = models.DateField()
    # What people say yes to, when it rests on explicit consent: a purpose of its own, no topic.
    purpose = models.ForeignKey(
        "register.Purpose", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    made_by = models.UUIDField()  # staff id
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)  # empty: its day was over

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["field"], condition=Q(ended_at=None), name="register_inv32_one_exception"
            ),
            # Each ground opens its own kinds, and none a BSN or criminal data (UAVG 46, 31-33).
            models.CheckConstraint(condition=_OPENS, name="register_inv32_ground_opens_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(map(str, OPENABLE))), name="register_inv32_openable"
            ),
            models.CheckConstraint(
                condition=Q(seen_by__in=MAY_SEE), name="register_inv32_never_a_marketer"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="register_inv32_has_reason"),
            # At most a year, then it is decided anew.
            models.CheckConstraint(
                condition=Q(until__gte=F("since"))
                & Q(
                    until__lte=ExpressionWrapper(
                        F("since") + timedelta(days=366), output_field=DateField()
                    )
                ),
                name="register_inv32_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ground=ExceptionGround.CONSENT.value, purpose__isnull=False)
                | (~Q(ground=ExceptionGround.CONSENT.value) & Q(purpose__isnull=True)),
                name="register_inv32_yes_has_its_purpose",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
