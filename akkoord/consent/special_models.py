"""The table of what is kept in a field of a special category: sealed, one row per answer."""

from typing import ClassVar

from django.db import models

from akkoord.datamap.declaration import Column, Identifier, personal_data
from akkoord.datamap.ids import uuid7

SERVICE = "dpv:ServiceProvision"
RECORDS = "dpv:RecordManagement"


@personal_data(
    subject="person_id",
    order=679,
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "person_id": Column("pd:Identifier", (RECORDS,), identifier=Identifier.PERSON_ID),
        "sealed": Column(
            "pd:PersonalInformation",
            (SERVICE,),
            provided=True,
            special=True,
            exception="AVG 9(2), UAVG 22-30: a recorded exception opens each field by itself",
            opened_by="akkoord.consent.special_values.opened_values",
        ),
        "wrapped_key": Column("pd:Identifier", (RECORDS,), secret=True),
        "source": Column("pd:PersonalInformation", (RECORDS,)),
        "updated_at": Column("pd:PersonalInformation", (RECORDS,)),
    },
    plain=("field_id",),
)
class SpecialValue(models.Model):
    """What somebody's answer is in a field that an exception opens (INV-32).

    Sealed with a key of its own, wrapped by one that is not in the database. The database refuses
    a row whose field is no special one, or has no exception that was open when it was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    field = models.ForeignKey(
        "register.PersonalDataField", on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BinaryField()
    wrapped_key = models.BinaryField()
    source = models.CharField(max_length=10)  # staff, import
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "field"], name="consent_special_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
