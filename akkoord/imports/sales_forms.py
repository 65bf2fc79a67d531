"""Untrusted input of the pages of sales."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent.models import CollectingPlace
from akkoord.datamap.plain_words import plain_note
from akkoord.imports.forms import FileForm
from akkoord.imports.hand_sale import HandSale
from akkoord.imports.invoices import SalesOrder
from akkoord.imports.placing import Period
from akkoord.people.models import Person
from akkoord.register.queries import current_versions, letter_topics, product_group_names

LAYOUTS = [
    ("auto", _("Find out for me (also for invoices: UBL, XML or ZIP)")),
    ("woocommerce-orders", _("Orders of WooCommerce")),
    ("shopify-orders", _("Orders of Shopify")),
    ("moneybird", _("Invoices of Moneybird")),
    ("e-boekhouden", _("Invoices of e-Boekhouden")),
    ("till", _("A list of the till")),
    ("gifts", _("Gifts to a charity")),
]


def open_places() -> list[tuple[str, str]]:
    """Places that are there, by slug."""
    return list(
        CollectingPlace.objects.filter(ended_at=None).order_by("name").values_list("slug", "name")
    )


def all_places() -> list[tuple[str, str]]:
    """Places, also those that were closed: older sales were made there."""
    names = CollectingPlace.objects.order_by("name").values_list("id", "name")
    return [(str(key), name) for key, name in names]


class SalesForm(FileForm):
    """A file of sales."""

    layout = forms.ChoiceField(label=_("What is it?"), choices=LAYOUTS)
    place = forms.ChoiceField(
        label=_("Where were these sales made?"),
        required=False,
        help_text=_("So that we know what these customers could read there."),
    )
    topic = forms.ChoiceField(label=_("Which topic do you have in mind?"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Offer places and topics."""
        super().__init__(*arguments, **named)
        self.fields["file"].help_text = _(
            "Invoices (UBL: XML, or a ZIP of them), or a CSV or Excel file of your shop or till. "
            "At most 60 MB."
        )
        places = [("", _("I do not know, or it differs")), *open_places()]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        topics = [(each.purpose.slug, each.name) for each in current_versions(letter_topics())]
        self.fields["topic"].choices = topics  # type: ignore[attr-defined]

    def order(self) -> SalesOrder:
        """What staff said."""
        data = self.cleaned_data
        return SalesOrder(
            file_name=data["file"].name,
            layout=data["layout"],
            place_slug=data["place"],
            topic_slug=data["topic"],
            is_dry_run=True,
        )


class PlaceForm(forms.Form):
    """Where sales of a file were made."""

    place = forms.ChoiceField(label=_("Where were these sales made?"))
    first = forms.DateField(
        label=_("Only sales from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=_("until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: all of them."),
    )

    def __init__(self, *arguments: Any, places: Sequence[tuple[str, str]], **named: Any) -> None:
        """`places`: read once, for there is a form per file."""
        super().__init__(*arguments, **named)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def period(self) -> Period:
        """The days that are meant."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class HandSaleForm(forms.Form):
    """One sale, by hand."""

    number = forms.CharField(
        validators=[plain_note], label=_("Number of the invoice"), max_length=60
    )
    bought_on = forms.DateField(
        label=_("Day of the sale"), widget=forms.DateInput(attrs={"type": "date"})
    )
    product_group = forms.ChoiceField(label=_("What was bought?"), required=False)
    point = forms.ChoiceField(
        label=_("Which address stands on it?"),
        required=False,
        help_text=_("Only an address given at the sale may be mailed because of it."),
    )
    place = forms.ChoiceField(label=_("Where was it sold?"), required=False)
    invoice = forms.FileField(
        label=_("The invoice (PDF)"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        help_text=_("It is kept sealed, and goes with the person."),
    )

    def __init__(self, *arguments: Any, person: Person, **named: Any) -> None:
        """Offer this person's addresses, the places and what is sold."""
        super().__init__(*arguments, **named)
        self.fields["bought_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        points = person.points.filter(channel="email", ended_at=None)
        self._choose("point", [(str(each.id), each.value) for each in points], _("None"))
        places = CollectingPlace.objects.filter(ended_at=None).order_by("name")
        self._choose("place", [(str(each.id), each.name) for each in places], _("Somewhere else"))
        groups = [(name, name) for name in product_group_names()]
        self._choose("product_group", groups, _("Something else"))

    def _choose(self, name: str, choices: list[tuple[str, str]], nothing: Any) -> None:
        self.fields[name].choices = [*choices, ("", nothing)]  # type: ignore[attr-defined]

    def sale(self) -> HandSale:
        """What staff say."""
        data = self.cleaned_data
        return HandSale(
            number=data["number"],
            bought_on=data["bought_on"],
            product_group=data["product_group"],
            point_id=data["point"] or None,
            place_id=data["place"] or None,
            invoice=data["invoice"].read(),
        )
