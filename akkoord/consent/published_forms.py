"""A published business address: untrusted input to typed values."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from akkoord.consent.grant_forms import ScanField
from akkoord.consent.published import Publication
from akkoord.datamap.plain_words import plain_note
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion

# Which forms are legal persons, `law.sale_rules.is_legal_person` says; the others are shown too, so
# that nobody calls a sole trader a BV to get on (INV-17).
FORMS = [
    ("b.v.", _("BV")),
    ("n.v.", _("NV")),
    ("stichting", _("Foundation")),
    ("vereniging", _("Association")),
    ("coöperatie", _("Cooperative")),
    ("gemeente", _("Municipality or other public body")),
    ("ltd", _("Company abroad that is a legal person, such as a GmbH or Ltd")),
    ("eenmanszaak", _("Sole trader")),
    ("vof", _("Partnership (VOF)")),
    ("maatschap", _("Professional partnership (maatschap)")),
    ("cv", _("Limited partnership (CV)")),
]


class PublicationForm(forms.Form):
    """Which address, for what, of which company, and where that stood."""

    use_required_attribute = False
    address = forms.ChoiceField(label=_("Which address?"), widget=forms.RadioSelect)
    topic = forms.ChoiceField(
        label=_("For which topic did they publish it?"),
        help_text=_("It counts for that alone. Only topics that are for published addresses."),
    )
    company = forms.CharField(
        validators=[plain_note], label=_("Which company is it?"), max_length=200
    )
    legal_form = forms.ChoiceField(label=_("What kind of company is it?"), choices=FORMS)
    registration_number = forms.CharField(
        validators=[plain_note],
        label=_("Number in the trade register"),
        max_length=20,
        required=False,
    )
    url = forms.CharField(
        validators=[URLValidator(schemes=["http", "https"]), plain_note],
        label=_("On which page did it stand?"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        error_messages={"invalid": _("Give the whole address of the page, with https://.")},
    )
    quote = forms.CharField(
        validators=[plain_note],
        label=_("Which words there invite such mail?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Copy them. For example: “Offers of office furniture? Mail inkoop@…”. “Contact us” is "
            "not enough."
        ),
    )
    seen_on = forms.DateField(
        label=_("On which day did you see it?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    scan = ScanField(
        label=_("Picture or print of the page"),
        required=False,
        help_text=_("PDF, JPEG or PNG, at most 10 MB. Pages change: keep what you saw."),
    )

    def __init__(
        self,
        versions: list[PurposeVersion],
        points: list[ContactPoint],
        *arguments: Any,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self._versions = {str(each.purpose_id): each for each in versions}
        self.fields["topic"].choices = [(key, each.name) for key, each in self._versions.items()]  # type: ignore[attr-defined]
        self.fields["address"].choices = [(str(each.id), each.value) for each in points]  # type: ignore[attr-defined]
        if len(points) == 1:
            self.initial.setdefault("address", str(points[0].id))

    def point_id(self) -> UUID:
        """The address that was chosen."""
        return UUID(self.cleaned_data["address"])

    def seen(self) -> Publication:
        """What was typed."""
        typed = self.cleaned_data
        return Publication(
            version=self._versions[typed["topic"]],
            url=typed["url"],
            quote=typed["quote"],
            seen_on=typed["seen_on"],
            company=typed["company"],
            legal_form=typed["legal_form"],
            registration_number=typed["registration_number"],
            scan=typed["scan"],
        )


class EndForm(forms.Form):
    """Which publication stands there no more."""

    point = forms.UUIDField()
    topic = forms.UUIDField()
