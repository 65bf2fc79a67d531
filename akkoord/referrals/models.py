"""What the organisation offers, who tipped, and cards that customers give away.

Of the friend nothing stands here, ever: a keyed hash in `consent.Suppression` stops a second mail.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Column, no_personal_data, personal_data
from akkoord.datamap.ids import uuid7
from akkoord.people.models import Person
from akkoord.register.models import language_now

CRM = "dpv:CustomerRelationshipManagement"
LEGAL = "dpv:LegalCompliance"


@no_personal_data(
    why="What the organisation offers to customers who want to tell others.",
    plain=(
        "id",
        "mail_is_on",
        "mail_nl",
        "mail_en",
        "card_is_on",
        "card_nl",
        "card_en",
        "reward_nl",
        "reward_en",
        "form_id",
        "updated_at",
        "updated_by",
    ),
)
class Programme(models.Model):
    """Tell a friend as this organisation offers it (one row).

    A reward belongs to the card alone. With the mail on there is none at all: a mail that somebody
    earns something by is no tip any more but spam (Tw 11.7; INV-27), and the database refuses it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mail_is_on = models.BooleanField(default=False)
    mail_nl = models.TextField(blank=True)
    mail_en = models.TextField(blank=True)
    card_is_on = models.BooleanField(default=False)
    card_nl = models.TextField(blank=True)
    card_en = models.TextField(blank=True)
    reward_nl = models.CharField(max_length=200, blank=True)
    reward_en = models.CharField(max_length=200, blank=True)
    form_id = models.UUIDField(null=True, blank=True)  # where a friend may sign up
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="referrals_one_programme"),
            models.CheckConstraint(
                condition=Q(mail_is_on=False) | Q(reward_nl="", reward_en=""),
                name="referrals_inv27_no_reward_beside_mail",
            ),
        ]

    @property
    def mail_words(self) -> str:
        """The organisation's part of the mail, in the reader's language."""
        return (self.mail_en if language_now() == "en" else self.mail_nl) or self.mail_nl

    @property
    def card_words(self) -> str:
        """The words on the card, in the reader's language."""
        return (self.card_en if language_now() == "en" else self.card_nl) or self.card_nl

    @property
    def reward(self) -> str:
        """What the giver of a card gets, in the reader's language."""
        return (self.reward_en if language_now() == "en" else self.reward_nl) or self.reward_nl


@personal_data(
    subject="person_id",
    order=420,
    columns={
        "id": Column("pd:Identifier", (LEGAL,)),
        "person_id": Column("pd:Identifier", (LEGAL,), label=_("person")),
        "asked_at": Column("pd:PersonalInformation", (LEGAL,), label=_("Tip given on")),
        "network": Column("pd:IPAddress", (LEGAL,), label=_("network (cut short)")),
    },
    plain=(),
)
class Tip(models.Model):
    """Somebody had one mail sent to a friend. Counted against abuse; says nothing of the friend."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="tips", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("Tip given on"))
    network = models.CharField(_("network (cut short)"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("tip to a friend")
        verbose_name_plural = _("tips to friends")
        indexes: ClassVar = [
            models.Index(fields=["person", "asked_at"], name="referrals_tip_person"),
            models.Index(fields=["network", "asked_at"], name="referrals_tip_network"),
            models.Index(fields=["asked_at"], name="referrals_tip_lately"),
        ]


@personal_data(
    subject="person_id",
    order=430,
    columns={
        "id": Column("pd:Identifier", (CRM,)),
        "person_id": Column("pd:Identifier", (CRM,), label=_("person")),
        "code": Column("pd:Identifier", (CRM,), label=_("code on the card")),
        "made_at": Column("pd:PersonalInformation", (CRM,), label=_("card made on")),
        "ended_at": Column("pd:PersonalInformation", (CRM,), label=_("card ended on")),
    },
    plain=(),
)
class Card(models.Model):
    """A card or link that a customer gives away; we send it to nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="cards", verbose_name=_("person")
    )
    code = models.CharField(_("code on the card"), max_length=12, unique=True)
    made_at = models.DateTimeField(_("card made on"))
    ended_at = models.DateTimeField(_("card ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("card to give away")
        verbose_name_plural = _("cards to give away")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="referrals_one_living_card"
            ),
        ]


@personal_data(
    subject="card__person_id",
    order=425,
    columns={
        "id": Column("pd:Identifier", (CRM,)),
        "card_id": Column("pd:Identifier", (CRM,), label=_("card")),
        "used_on": Column("pd:PersonalInformation", (CRM,), label=_("new customer on")),
        "rewarded_on": Column("pd:PersonalInformation", (CRM,), label=_("reward given on")),
    },
    plain=("by_staff",),
)
class CardUse(models.Model):
    """A friend became a customer of their own accord and named the code. Not who it was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(
        Card, on_delete=models.CASCADE, related_name="uses", verbose_name=_("card")
    )
    used_on = models.DateField(_("new customer on"))
    rewarded_on = models.DateField(_("reward given on"), null=True, blank=True)
    by_staff = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("use of a card")
        verbose_name_plural = _("uses of cards")
