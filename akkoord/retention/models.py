"""What retention itself must remember: which files' people may go without asking again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import no_personal_data
from akkoord.datamap.ids import uuid7


@no_personal_data(
    why="Whether the owner agreed that people of a file go when their term is over; a file's id.",
    plain=("id", "import_id", "first_due_on", "agreed_at", "agreed_by"),
)
class ImportClearance(models.Model):
    """The owner's yes, once per file: whoever still has no basis after the term may go (INV-44).

    Without it the first clean-up after an import waits, 30 days at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    import_id = models.UUIDField(unique=True)
    first_due_on = models.DateField(_("due since"))
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.import_id)
