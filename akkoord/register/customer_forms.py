"""Untrusted input of the pages on what is sold, to whom, and whose the books are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.register.queries import product_group_names


class GroupForm(forms.Form):
    """A kind of product, with the signs by which articles are known."""

    name = forms.CharField(
        label=_("What do you call this kind of product?"),
        max_length=80,
        help_text=_("For example “Bicycles” or “Maintenance”."),
    )
    signs = forms.CharField(
        label=_("How do you know it on an invoice?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One per line: what an article number begins with, or a word in its name. For example "
            "“fiets-” or “onderhoud”."
        ),
    )

    def signs_list(self) -> list[str]:
        """The signs, one per line."""
        return str(self.cleaned_data["signs"]).splitlines()


class SignsForm(GroupForm):
    """Other signs for a kind of product that is there."""

    name = None  # type: ignore[assignment]


class TopicCustomersForm(forms.Form):
    """Which products a topic is about."""

    groups = forms.MultipleChoiceField(
        label=_("Which products is this topic about?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose nothing: then only who agreed gets it."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Offer what is sold."""
        super().__init__(*arguments, **named)
        names = [(name, name) for name in product_group_names()]
        self.fields["groups"].choices = names  # type: ignore[attr-defined]


class SellerForm(forms.Form):
    """Another name on one's own invoices."""

    seller = forms.CharField(label=_("Another name on your invoices"), max_length=200)


class BooksForm(forms.Form):
    """Whether Akkoord is the bookkeeping."""

    keeps_books = forms.ChoiceField(
        label=_("Is Akkoord your bookkeeping?"),
        choices=[
            ("no", _("No, my books are elsewhere")),
            ("yes", _("Yes, I keep my sales here")),
        ],
        widget=forms.RadioSelect,
    )
