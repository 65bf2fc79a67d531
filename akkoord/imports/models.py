"""Files in, with their provenance.

The file's rows are not kept: only counts, refusals by line number, and per person the evidence
that waits for the wording it belongs to.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7

# What somebody called a file, a table or a column, or whose invoices were in it.
_CALLED = Column("pd:Identifier", ("dpv:LegalCompliance",))


@no_personal_data(
    why="Counts and provenance of a file; no row of it.",
    plain=(
        "id",
        "file_sha256",
        "layout",
        "source",
        "topic_id",
        "wording_notice_id",
        "collection_point_id",
        "state",
        "is_dry_run",
        "rows",
        "created",
        "updated",
        "unchanged",
        "may_be_mailed",
        "not_mailable",
        "withdrawn",
        "undeliverable",
        "stayed_out",
        "refused",
        "differing",
        "overwritten",
        "overwrites",
        "preview",
        "place_id",
        "besides",
        "spool_key",
        "total",
        "by_staff",
        "started_at",
        "ended_at",
        "undone_at",
        "undone_by",
        "error",
    ),
    may_name={
        "file_name": _CALLED,
        "dropped_columns": _CALLED,
        "sensitive": _CALLED,
        "parts": _CALLED,
        "ignored": _CALLED,
        "system": _CALLED,
        "sales": _CALLED,
    },
)
class Import(models.Model):
    """One file that was brought in: where it came from, what became of its rows."""

    class State(models.TextChoices):
        """Where the import stands."""

        MAPPING = "mapping", _("Which column is what")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Reading")
        CHECKED = "checked", _("Looked through")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    layout = models.CharField(max_length=30)
    source = models.CharField(max_length=30)
    topic_id = models.UUIDField(null=True, blank=True)
    wording_notice_id = models.UUIDField(null=True, blank=True)
    collection_point_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    is_dry_run = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    may_be_mailed = models.PositiveIntegerField(default=0)
    not_mailable = models.JSONField(default=dict)  # reason -> n
    withdrawn = models.PositiveIntegerField(default=0)
    undeliverable = models.PositiveIntegerField(default=0)
    stayed_out = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)  # column names without a catalogue entry
    differing = models.PositiveIntegerField(default=0)  # known people with another name in it
    overwritten = models.PositiveIntegerField(default=0)
    overwrites = models.BooleanField(default=False)  # switched on by staff for this file
    sensitive = models.JSONField(default=list)  # per column: classes and counts, never a cell
    parts = models.JSONField(default=list)  # per table: how it was read, what its columns mean
    ignored = models.JSONField(default=list)  # members of a ZIP that are no table
    preview = models.JSONField(default=list)  # the first lines: numbers and codes
    system = models.CharField(max_length=120, blank=True)  # which other system it came from
    place_id = models.UUIDField(null=True, blank=True)  # where sales were made
    sales = models.JSONField(default=dict)  # what a file of sales brought; counts, articles
    besides = models.JSONField(default=dict)  # counts of own fields and addresses
    # The provisional file's own key; it dies with the file, at the latest after four hours.
    spool_key = models.BinaryField(null=True, blank=True, editable=False)
    total = models.PositiveIntegerField(default=0)  # rows in the provisional file
    by_staff = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="imports_newest")]


@no_personal_data(
    why="A line number and a reason; nothing of the row itself.",
    plain=("id", "import_file_id", "part", "row", "reason", "column"),
)
class RefusedRow(models.Model):
    """A row that did not come in: line number and reason, for the report to download."""

    id = models.BigAutoField(primary_key=True)
    import_file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    part = models.CharField(max_length=260, blank=True)  # the table, when there are several
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    column = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["import_file", "row"], name="imports_refusal")]


@personal_data(
    subject="person_id",
    order=450,
    columns={
        "person_id": Column(
            "pd:Identifier", ("dpv:LegalCompliance",), identifier=Identifier.PERSON_ID
        ),
        "contact_point_id": Column("pd:Identifier", ("dpv:LegalCompliance",)),
        "state": Column("pd:Consent", ("dpv:LegalCompliance",)),
        "happened_at": Column("pd:Consent", ("dpv:LegalCompliance",)),
        "evidence": Column("pd:Consent", ("dpv:LegalCompliance",)),
        "reason": Column("pd:Consent", ("dpv:LegalCompliance",)),
        "row": Column("pd:Consent", ("dpv:LegalCompliance",)),
    },
    plain=("id", "import_file_id"),
)
class PendingEvidence(models.Model):
    """A person of a file who may not be mailed yet, with the evidence that the row did carry.

    Goes when the wording or other evidence is added for the group, or with the person at the end
    of the review term (INV-44).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pending")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    contact_point = models.ForeignKey(
        "people.ContactPoint", on_delete=models.CASCADE, related_name="+"
    )
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=12, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["import_file", "contact_point"], name="imports_pending_once"
            ),
        ]


@personal_data(
    subject="person_id",
    order=455,
    columns={
        "person_id": Column(
            "pd:Identifier", ("dpv:LegalCompliance",), identifier=Identifier.PERSON_ID
        ),
        "given_name": Column(
            "pd:GivenName", ("dpv:RecordManagement",), identifier=Identifier.NAME, provided=True
        ),
        "family_name": Column(
            "pd:FamilyName", ("dpv:RecordManagement",), identifier=Identifier.NAME, provided=True
        ),
    },
    plain=("id", "import_file_id"),
)
class OverwrittenName(models.Model):
    """What a name was before a file overwrote it, so that the import can be undone.

    Goes when the import is undone, when undoing is no longer possible, or with the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="overwrote")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["import_file", "person"], name="imports_overwritten_once"
            ),
        ]


@personal_data(
    subject="person_id",
    order=456,
    columns={
        "person_id": Column(
            "pd:Identifier", ("dpv:LegalCompliance",), identifier=Identifier.PERSON_ID
        ),
        "sale_id": Column("pd:Identifier", ("dpv:LegalCompliance",)),
        "was": Column("pd:PurchaseHistory", ("dpv:RecordManagement",)),
        "became": Column("pd:PurchaseHistory", ("dpv:RecordManagement",)),
    },
    plain=("id", "import_file_id"),
)
class ChangedSale(models.Model):
    """A known sale to which a file added its kind or its place, so that the file can be undone.

    `was` and `became`: kinds, place and what customers saw, before and after. Goes when the file
    is undone, when undoing is no longer possible, or with the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changed_sales")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    sale_id = models.UUIDField()  # no foreign key: a sale may go before this row
    was = models.JSONField()
    became = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["import_file", "sale_id"], name="imports_changed_sale_once"
            ),
        ]


@no_personal_data(
    why="Names of columns and what they mean; no row of a file.",
    plain=("id", "fingerprint", "layout", "by_staff", "saved_at"),
    may_name={"columns": _CALLED},
)
class ColumnMapping(models.Model):
    """What staff chose each column to be, offered at the next file of the same source."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)  # source, system and columns
    layout = models.CharField(max_length=30)
    columns = models.JSONField(default=dict)  # role -> column name, lower case
    by_staff = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField()


@no_personal_data(
    why="A decision over a column, with its ground; nothing of anybody in it.",
    plain=("id", "layout", "kind", "classes", "ground", "by_staff", "at", "until"),
    may_name={"column": _CALLED, "reason": _CALLED},
)
class SensitiveDecision(models.Model):
    """What the owner or privacy officer decided of a quarantined column (art. 9(2); INV-32).

    Holds for that column of files of that layout, through its last day (`until`). What lets data of
    a special category in is an exception of its own field (`register.FieldException`); the kind
    `exception` is of before there were any, and lets nothing in.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        CELLS_OUT = "cells-out", _("The cells stay out, the rest of the column comes in")
        EXCEPTION = "exception", _("An exception of before; it lets nothing in any more")
        MISTAKEN = "mistaken", _("It is something else than it looks like")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    layout = models.CharField(max_length=30)
    column = models.CharField(max_length=120)  # lower case
    kind = models.CharField(max_length=12, choices=Kind.choices)
    classes = models.JSONField(default=list)
    ground = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by_staff = models.UUIDField()
    at = models.DateTimeField()
    until = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["layout", "column"], name="imports_decided_once"),
            # A year at the most, as an exception: then it is decided anew.
            models.CheckConstraint(
                condition=models.Q(
                    until__lte=models.ExpressionWrapper(
                        models.F("at") + timedelta(days=367), output_field=models.DateField()
                    )
                ),
                name="imports_inv32_decision_ends",
            ),
            # Sensitive cells come in by the exception of their own field, never by a decision.
            models.CheckConstraint(
                condition=~models.Q(kind="exception") | models.Q(classes=[]),
                name="imports_inv32_column_opens_nothing",
            ),
            # INV-32: an exception is recorded with its ground and its reason.
            models.CheckConstraint(
                condition=~models.Q(kind="exception")
                | (~models.Q(ground="") & ~models.Q(reason="")),
                name="imports_inv32_exception_has_ground",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="mistaken") | ~models.Q(reason=""),
                name="imports_inv32_mistake_has_reason",
            ),
        ]
