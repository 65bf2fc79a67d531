"""How mail was last found to be recognised: a look asks the DNS, so it is kept, not repeated."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from akkoord.datamap.declaration import no_personal_data


@no_personal_data(
    why="What the DNS said of the organisation's own domain, in codes and sentences.",
    plain=("id", "domain", "at", "codes", "sentences", "unreached_at"),
)
class MailLook(models.Model):
    """The last look at SPF, DKIM and DMARC (one row). `sentences`: by language, as `codes`.

    `unreached_at`: the last try since, which reached no DNS and therefore says nothing new.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    domain = models.CharField(max_length=255)
    at = models.DateTimeField()
    codes = models.JSONField(default=list)
    sentences = models.JSONField(default=dict)
    unreached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="checkup_one_mail_look"),
        ]

    def __str__(self) -> str:
        return self.domain
