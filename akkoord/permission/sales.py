"""How far a sale carries mail to a customer: one number per address, as SQL (INV-15).

A standing of basis `existing-customer` rests on the very sale that its evidence names. Who has no
standing yet, for a topic that is also for customers, is told how far their best sale would get:
that is the reason to give, with its way onward. Whom no sale concerns stands above all steps.
"""

from datetime import datetime
from enum import IntEnum
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, TextField, UUIDField, Value

from akkoord.law.sale_rules import SAW_OPT_OUT, earliest_carrying_sale
from akkoord.law.terms import law_day


class SaleStep(IntEnum):
    """What holds of a sale, each step on top of those before it; the numbers stand in the SQL."""

    NONE = 0
    KEPT = 1  # there, and not taken back by a credit note
    ADDRESS = 2  # this very address was given at it
    SAW_OPT_OUT = 3  # it is shown what customers saw there, and nobody said no
    SIMILAR = 4  # the topic is about such products, and its activity says so
    RECENT = 5  # not older than the term
    CONTACT = 6  # of a company: this contact is still there
    NOT_ASKED = 9  # nothing rests on a sale here


def sale_step(purpose_id: UUID, at: datetime) -> Func:
    """The step of the sale that this address would be reached on, for the annotation `mine_sale`.

    What the topic says now is read when it runs.
    """
    today = law_day(at)
    return Func(
        F("id"),
        F("person_id"),
        F("mine_event"),
        F("mine_basis"),
        F("mine_state"),
        Value(purpose_id, output_field=UUIDField()),
        Value(today),
        Value(earliest_carrying_sale(today)),
        Value(
            sorted(each.value for each in SAW_OPT_OUT),
            output_field=ArrayField(TextField()),
        ),
        function="permission_sale_step",
        output_field=IntegerField(),
    )
