"""Whom somebody saw in a list: a page of people shows many at once, and no act of the trail names
them. One row per account, person and day; it says who saw whom when data may have leaked."""

from typing import ClassVar

from django.db import models

from akkoord.datamap.declaration import Column, Identifier, personal_data

LEGAL = "dpv:LegalCompliance"


@personal_data(
    subject="person_id",
    order=370,
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), identifier=Identifier.PERSON_ID),
    },
    plain=("seen_on", "actor_kind", "actor_id", "place"),
    why="Who saw somebody in a list, so that a leak can be traced (art. 32, 33 GDPR).",
)
class Seen(models.Model):
    """Somebody stood in a list that was shown or handed out, once a day per account.

    `place`: the code of the list. Nothing of what was shown.
    """

    id = models.BigAutoField(primary_key=True)
    seen_on = models.DateField()
    actor_kind = models.TextField()
    actor_id = models.UUIDField()
    place = models.TextField()
    person_id = models.UUIDField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            # Its index answers "whom did this account see since Tuesday?".
            models.UniqueConstraint(
                fields=["actor_id", "seen_on", "person_id"], name="trail_seen_once_a_day"
            ),
        ]
