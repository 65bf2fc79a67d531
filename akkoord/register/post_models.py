"""What post without a yes rests on: the balancing test, and the checks of bought addresses."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="Why letters to groups of people are fair; it names nobody (INV-30).",
    plain=(
        *("id", "activity_key", "version", "interest", "necessity", "balance"),
        *("covers_customers", "covers_bought", "written_by", "written_at", "valid_to"),
    ),
)
class BalancingTest(models.Model):
    """The three steps of a balancing test for letters of one activity (art. 6(1)(f), INV-19).

    `interest`: what is wanted, and that it is lawful; `necessity`: why it cannot be done with
    less; `balance`: what it means for people, and what protects them. A version is never edited:
    a new one ends it, and without a current one no letter leaves that needs it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity_key = models.SlugField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    interest = models.TextField()
    necessity = models.TextField()
    balance = models.TextField()
    covers_customers = models.BooleanField(default=True)
    covers_bought = models.BooleanField(default=False)
    written_by = models.UUIDField()  # staff id: somebody answers for it
    written_at = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity_key", "version"], name="register_test_version"
            ),
            models.UniqueConstraint(
                fields=["activity_key"],
                condition=Q(valid_to=None),
                name="register_test_one_current",
            ),
            # INV-19: all three steps are written, and it says for whom.
            models.CheckConstraint(
                condition=~Q(interest="") & ~Q(necessity="") & ~Q(balance=""),
                name="register_inv19_three_steps",
            ),
            models.CheckConstraint(
                condition=Q(covers_customers=True) | Q(covers_bought=True),
                name="register_inv19_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} {self.version}"


@no_personal_data(
    why="That bought addresses were held against the registers, and when; it names nobody.",
    plain=("id", "checked_on", "entered_by", "entered_at"),
)
class PostCheck(models.Model):
    """Bought addresses were held against Postfilter and the register of the deceased (INV-19).

    Counts for the addresses that were there when it was entered, and for its term.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checked_on = models.DateField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["checked_on"], name="register_post_checked")]
