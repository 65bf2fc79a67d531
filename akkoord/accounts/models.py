"""Staff: who may log in, and the role that says what they may do.

There is no superuser and no permission table: a role is one word, and what it may do stands in
`accounts.access`. The log-in name is the mail address.
"""

import unicodedata
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.keys_table import ApiKey as ApiKey  # a table of its own file
from akkoord.datamap.declaration import Column, Identifier, Whose, personal_data
from akkoord.datamap.ids import uuid7

ACCOUNT = "dpv:IdentityAuthentication"
RECORDS = "dpv:RecordManagement"


class Role(models.TextChoices):
    """What a member of staff is; what each role may do stands in `accounts.access`."""

    OWNER = "owner", _("Owner")
    MARKETER = "marketer", _("Marketer")
    PRIVACY_OFFICER = "privacy-officer", _("Privacy officer")


class Language(models.TextChoices):
    """The languages that every screen exists in."""

    DUTCH = "nl", "Nederlands"
    ENGLISH = "en", "English"


def normalise_log_in(email: str) -> str:
    """The one spelling under which a log-in name is kept: NFC, lower case, no blanks around."""
    return unicodedata.normalize("NFC", email).strip().lower()


class StaffManager(BaseUserManager["Staff"]):
    """Finds members of staff by their log-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """The member of staff with this address; raises Staff.DoesNotExist."""
        return self.get(email=normalise_log_in(username or ""))

    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        at: datetime | None = None,
        **fields: Any,
    ) -> "Staff":
        """A new member of staff, saved. Use `actions.create_staff`, which also writes the trail."""
        staff = self.model(email=normalise_log_in(email), joined_at=at or timezone.now(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


@personal_data(
    whose=Whose.STAFF,
    subject="id",
    columns={
        "id": Column("pd:Identifier", (RECORDS,)),
        "email": Column("pd:EmailAddress", (ACCOUNT,), identifier=Identifier.EMAIL, provided=True),
        "name": Column("pd:Name", (ACCOUNT,), provided=True),
        "password": Column("pd:Password", (ACCOUNT,), secret=True),
        "role": Column("pd:ProfessionalInformation", (ACCOUNT,)),
        "language": Column("pd:Language", (ACCOUNT,), provided=True),
        "last_login": Column("pd:BehavioralData", (ACCOUNT,)),
        "joined_at": Column("pd:PersonalInformation", (RECORDS,)),
        "is_active": Column("pd:PersonalInformation", (ACCOUNT,)),
    },
)
class Staff(AbstractBaseUser):
    """A member of staff. Somebody who leaves is switched off, so that the trail keeps its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MARKETER)
    language = models.CharField(
        _("language"), max_length=5, choices=Language, default=Language.DUTCH
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="accounts_staff_role_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="accounts_staff_language_known"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_staff_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Keep the log-in name in its one spelling."""
        super().clean()
        self.email = normalise_log_in(self.email)
