"""About which purchases a run of service messages is."""

from typing import ClassVar

from django.db import models

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7


@personal_data(
    subject="person_id",
    order=390,  # goes before the messages that are blanked
    columns={
        "id": Column("pd:Identifier", ("dpv:RecordManagement",)),
        "person_id": Column(
            "pd:Identifier", ("dpv:RecordManagement",), identifier=Identifier.PERSON_ID
        ),
        "purchase_id": Column("pd:PurchaseHistory", ("dpv:ServiceProvision",)),
    },
    plain=("dispatch_id",),
)
class Occasion(models.Model):
    """One purchase that a service message is about; goes with the person, and after the run."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispatch = models.ForeignKey(
        "messages.Dispatch", on_delete=models.CASCADE, related_name="occasions", db_index=False
    )
    person_id = models.UUIDField()
    purchase_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispatch", "purchase_id"], name="messages_occasion_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id"], name="messages_occasion_person"),
        ]
