"""Letters on paper: what was chosen when they were made, and the file that waits to be printed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, Identifier, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import Person
from akkoord.register.models import Recipient

LEGAL = "dpv:LegalCompliance"


@no_personal_data(
    why="What was chosen for a run of letters: the check of registers, who prints; no recipient.",
    plain=(
        *("id", "run_id", "registers", "dated_on", "printer_id", "downloads"),
        *("downloaded_at", "handed_over_at", "handed_over_by"),
    ),
)
class LetterRun(models.Model):
    """The choices of one run of letters (INV-19: the choice on the registers is recorded)."""

    class Registers(models.TextChoices):
        """Whether the addresses were held against Postfilter and the register of the deceased."""

        CHECKED = "checked", _("Held against Postfilter and the register of the deceased")
        NOT_CHECKED = "not-checked", _("Not checked: they are customers, members or said yes")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.OneToOneField(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="letter_run"
    )
    registers = models.CharField(max_length=12, choices=Registers.choices)
    dated_on = models.DateField()  # the day that stands on the letters
    printer = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    downloads = models.PositiveIntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_over_at=None) | Q(downloaded_at__isnull=False),
                name="messages_printed_before_handed",
            ),
        ]


@no_personal_data(
    why=(
        "A sealed file with letters to several people, who stand in messages_letterpage; it goes "
        "when one of them is forgotten, and after its term."
    ),
    plain=(
        *("id", "run_id", "place", "is_whole", "letters", "pages", "size", "sha256"),
        *("path", "wrapped_key", "made_at", "goes_on"),
    ),
    files=("path",),
)
class LetterFile(models.Model):
    """Letters as a PDF, encrypted with a key of its own that dies with the row.

    Made part by part, so that memory stays flat and a killed worker loses little; joined at the end
    (`is_whole`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="letter_files"
    )
    place = models.PositiveIntegerField()
    is_whole = models.BooleanField(default=False)
    letters = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120)  # under the data folder
    wrapped_key = models.BinaryField(max_length=80)
    made_at = models.DateTimeField()
    goes_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "place"],
                condition=Q(is_whole=False),
                name="messages_letter_part_once",
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(is_whole=True), name="messages_one_letter_file"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["goes_on"], name="messages_letter_term")]


@personal_data(
    subject="person_id",
    order=390,  # before the messages are blanked
    custom_erase="akkoord.messages.letter_erase.erase_pages",
    why="Who stands in a file of letters that waits to be printed.",
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
    },
    # The run and its message outlive the person, without them.
    plain=("run_id", "message_id", "number"),
)
class LetterPage(models.Model):
    """One letter in a run's file, with the number that stands on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="letter_pages"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    message_id = models.UUIDField(unique=True)
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="messages_letter_number_once"),
        ]
