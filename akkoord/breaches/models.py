"""Tables of data leaks: the leak, who is affected, the ways in which they were found, its log.

The record itself names nobody (art. 33(5)); who was affected stands in a list of its own, with a
shorter term, that goes with the person. Texts are refused when they hold an address or a number,
and should one name somebody after all, an erasure empties it (`may_name`).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akkoord.breaches.notice_models import BreachLesson as BreachLesson
from akkoord.breaches.notice_models import BreachNotice as BreachNotice
from akkoord.breaches.notice_models import BreachStep as BreachStep
from akkoord.breaches.notice_models import BreachVersion as BreachVersion
from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

LEGAL = "dpv:LegalCompliance"
_TEXT = Column("pd:PersonalInformation", (LEGAL,))
TEXTS = (
    *("what", "found_how", "protection", "other_parties", "groups", "consequences", "taken"),
    *("planned", "abroad", "decision_reason", "differs_because", "delay_reason"),
    *("public_text", "closing_note"),
)
"""The texts that staff write; in none of them stands a person."""


@no_personal_data(
    why="What happened, how bad it is and what was decided (art. 33(5)); it names nobody.",
    plain=(
        *("id", "reference", "is_drill", "state", "begun_at", "begun_by", "changed_at"),
        *("aware_at", "due_at", "happened_from", "happened_to", "is_ongoing"),
        *("natures", "cause", "systems", "activity_keys", "recipient_id", "categories"),
        *("persons_outside", "records_outside", "found", "counted_at", "persons", "records"),
        *("context", "identification", "confidentiality", "integrity", "availability"),
        *("is_malicious", "is_unintelligible", "advised", "decision", "decided_at"),
        *("decided_by", "letter_at", "public_at", "closed_at", "closed_by"),
    ),
    may_name=dict.fromkeys((*TEXTS, "letter"), _TEXT),
)
class Breach(models.Model):
    """One leak, from the first word about it to the lessons (art. 33(5)).

    `due_at`: when the authority must know, 72 hours after `aware_at`. `found`: per kind of data how
    many people and records, counted from the data map. `persons_outside`: an estimate of people
    who stand in no list of Akkoord. A drill runs the same way and tells nobody anything.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", pgettext_lazy("data leak", "To decide")
        DECIDED = "decided", pgettext_lazy("data leak", "Decided")
        CLOSED = "closed", pgettext_lazy("data leak", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    is_drill = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True, blank=True)
    changed_at = models.DateTimeField()  # the last time that somebody wrote something down
    aware_at = models.DateTimeField()
    due_at = models.DateTimeField()
    happened_from = models.DateTimeField(null=True, blank=True)
    happened_to = models.DateTimeField(null=True, blank=True)
    is_ongoing = models.BooleanField(default=False)
    what = models.TextField(blank=True)
    found_how = models.TextField(blank=True)
    natures = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    cause = models.CharField(max_length=20, blank=True)
    systems = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    activity_keys = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    recipient_id = models.UUIDField(null=True, blank=True)  # register: at whom it happened
    protection = models.TextField(blank=True)
    other_parties = models.TextField(blank=True)
    categories = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    groups = models.TextField(blank=True)
    persons_outside = models.PositiveIntegerField(null=True, blank=True)
    records_outside = models.PositiveIntegerField(null=True, blank=True)
    found = models.JSONField(default=list)  # codes and numbers only
    counted_at = models.DateTimeField(null=True, blank=True)
    persons = models.PositiveIntegerField(default=0)
    records = models.PositiveBigIntegerField(default=0)
    context = models.PositiveSmallIntegerField(null=True, blank=True)
    identification = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    confidentiality = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    integrity = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    availability = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    is_malicious = models.BooleanField(default=False)
    is_unintelligible = models.BooleanField(default=False)
    consequences = models.TextField(blank=True)
    taken = models.TextField(blank=True)
    planned = models.TextField(blank=True)
    abroad = models.TextField(blank=True)
    advised = models.CharField(max_length=10, blank=True)  # law.breach_rules.Decision
    decision = models.CharField(max_length=10, blank=True)
    decision_reason = models.TextField(blank=True)
    differs_because = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    delay_reason = models.TextField(blank=True)
    letter = models.JSONField(default=dict, blank=True)  # by language: subject and parts
    letter_at = models.DateTimeField(null=True, blank=True)
    public_text = models.TextField(blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    closing_note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["is_drill", "-id"], name="breaches_newest"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="breaches_clock_runs"),
        ]
        constraints: ClassVar = [
            # INV-41: nobody can be aware of what is still to happen.
            models.CheckConstraint(
                condition=Q(aware_at__lte=F("changed_at")), name="breaches_aware_not_in_future"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("aware_at")), name="breaches_due_after_aware"
            ),
            models.CheckConstraint(
                condition=Q(happened_from=None) | Q(happened_from__lte=F("changed_at")),
                name="breaches_happened_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(happened_to=None)
                | Q(happened_to__gte=F("happened_from"), happened_to__lte=F("changed_at")),
                name="breaches_ended_after_it_began",
            ),
            # INV-41: what was decided is decided by somebody, for a reason.
            models.CheckConstraint(
                condition=Q(state="open", decision="", decided_at=None)
                | (
                    Q(decided_at__isnull=False)
                    & ~Q(state="open")
                    & ~Q(decision="")
                    & ~Q(decision_reason="")
                ),
                name="breaches_inv41_decision_documented",
            ),
            # INV-41: closed only with it, also when nobody was told anything.
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & ~Q(decision="") & ~Q(decision_reason="")),
                name="breaches_inv41_closed_with_decision",
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decision="no-leak")
                | Q(decision=F("advised"))
                | ~Q(differs_because=""),
                name="breaches_inv41_differs_with_reason",
            ),
        ]

    def __str__(self) -> str:
        """The reference; no personal data."""
        return self.reference


@no_personal_data(
    why="By which filter affected people were found: a topic, a file, an account, a period.",
    plain=("id", "breach_id", "kind", "value", "since", "until", "people", "added_at", "added_by"),
)
class BreachScope(models.Model):
    """One way in which people came to be affected. `value`: the id of what it names."""

    class Kind(models.TextChoices):
        """What it names."""

        EVERYBODY = "everybody", _("Everybody in Akkoord")
        TOPIC = "topic", _("Everybody of a topic")
        FORM = "form", _("Who came by a form")
        IMPORT = "import", _("Who stood in a file that was brought in")
        GROUP = "group", _("A group")
        COMPANY = "company", _("The people of a company")
        LETTER = "letter", _("Who got a letter")
        DOWNLOAD = "download", _("What was downloaded")
        ACCOUNT = "account", _("What a member of staff looked at")
        KEY = "key", _("What a key of the API read")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="scopes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.UUIDField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["breach", "kind", "value", "since", "until"],
                nulls_distinct=False,
                name="breaches_scope_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["everybody", "download", "account", "key"])
                | Q(value__isnull=False),
                name="breaches_scope_names_something",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="breaches_scope_period",
            ),
        ]


@personal_data(
    subject="person_id",
    order=380,  # before the messages that are blanked
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
        "told_by": Column("pd:Communication", (LEGAL,)),
        "told_at": Column("pd:Communication", (LEGAL,)),
        "printed_at": Column("pd:Communication", (LEGAL,)),
    },
    plain=("breach_id", "is_by_hand", "print_run", "is_for_post"),
    why="That somebody's data leaked, and when they were told (art. 34); goes after its term.",
)
class Affected(models.Model):
    """Somebody whose data leaked. `told_by`: mail or post, once they were told.

    `print_run`, `printed_at`: the last file of letters by post in which they stand. `is_for_post`:
    nobody knows whether their mail arrived, and staff chose to write on paper too.
    """

    class Told(models.TextChoices):
        """How somebody was told."""

        NOT = "", _("Not yet")
        MAIL = "mail", _("By mail")
        POST = "post", _("By post")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="affected")
    person_id = models.UUIDField(db_index=True)
    is_by_hand = models.BooleanField(default=False, db_default=False)
    told_by = models.CharField(
        max_length=4, choices=Told.choices, blank=True, default="", db_default=""
    )
    told_at = models.DateTimeField(null=True, blank=True)
    print_run = models.UUIDField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    is_for_post = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "person_id"], name="breaches_affected_once"),
            models.CheckConstraint(
                condition=Q(told_by="", told_at=None) | (~Q(told_by="") & Q(told_at__isnull=False)),
                name="breaches_told_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(print_run=None, printed_at=None)
                | Q(print_run__isnull=False, printed_at__isnull=False),
                name="breaches_printed_at_a_moment",
            ),
        ]
