"""A published form as a visitor fills it in; its fields come from the frozen snapshot."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from akkoord.consent.form_fields import INPUTS
from akkoord.consent.forms import without_numbers
from akkoord.consent.models import CollectionPoint
from akkoord.consent.sign_up import SignUpFacts
from akkoord.consent.typed_values import LONGEST, fits_asked, gives_away

_WRONG = {
    "number": _("This must be a number."),
    "date": _("This must be a day."),
    "yes-no": _("Choose yes or no."),
}
_NOT_OFFERED = _("Choose one of the words in this list.")
_NOT_KEPT = _(
    "Leave this out. It looks like health, faith or an official number, and we may not keep that."
)


class SignUpForm(forms.Form):
    """What a visitor posts, checked against what was on the screen.

    `website` is a trap for machines: people do not see it and leave it empty.
    """

    shown = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200)
    topics = forms.MultipleChoiceField(
        label=_("What do you want to hear about?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    message = forms.CharField(max_length=4000, required=False, widget=forms.Textarea({"rows": 5}))
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    sixteen = forms.BooleanField(label=_("I am 16 or older"), required=False)
    parent_email = forms.CharField(
        label=_("Younger? E-mail address of one of your parents"),
        max_length=320,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("Your parent must agree too, by a mail of their own."),
    )
    terms = forms.BooleanField(required=False)
    no_mail = forms.BooleanField(required=False)
    altcha = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    ticket = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    as_typed = forms.CharField(max_length=320, required=False, widget=forms.HiddenInput)
    order_number = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, point: CollectionPoint, data: Any = None) -> None:
        super().__init__(data, initial={"shown": point.id})
        self.point = point
        self.snapshot: dict[str, Any] = point.snapshot
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (topic["version"], topic["sentence"]) for topic in self.snapshot["topics"]
        ]
        self._asked: dict[str, dict[str, Any]] = {}
        for asked in self.snapshot["fields"]:
            self._add(asked)
        self._label("message", self.snapshot.get("message"))
        self._label("terms", self.snapshot["terms"])
        self._label("no_mail", self.snapshot.get("opt_out"))
        if self.snapshot.get("message"):
            self.fields["message"].help_text = escape(self.snapshot["message"]["why"])
        if not self.snapshot["asks_sixteen"]:
            del self.fields["sixteen"], self.fields["parent_email"]
        if not self.snapshot["topics"]:
            del self.fields["topics"]
        elif not self.snapshot.get("carrier"):  # nothing else is done with the address
            self.fields["topics"].at_least_one = True  # type: ignore[attr-defined]
        if self.snapshot.get("kind") != "checkout":
            del self.fields["order_number"]

    def _label(self, name: str, shown: dict[str, str] | None) -> None:
        """Take the words of a box from the snapshot; away with a box that did not stand there."""
        if shown:
            self.fields[name].label = shown["label"]
        else:
            del self.fields[name]

    def _add(self, asked: dict[str, Any]) -> None:
        """A field as it was asked, with the reason beside it."""
        name = input_name(asked)
        limit = asked.get(
            "limit", INPUTS[asked["key"]].limit if asked["key"] in INPUTS else LONGEST
        )
        attributes = {
            "autocomplete": asked.get("autocomplete")
            or getattr(INPUTS.get(asked["key"]), "autocomplete", "off")
        }
        options = {
            "label": asked["label"],
            "required": False,
            "help_text": escape(asked.get("why", "")),
        }
        choices = choices_shown(asked)
        if choices:
            self.fields[name] = forms.ChoiceField(
                choices=[(value, label) for value, label in choices],
                widget=forms.Select(attributes),
                error_messages={"invalid_choice": _NOT_OFFERED},
                **options,
            )
        else:
            kind = asked.get("kind", "text")
            widget = {"date": {"type": "date"}, "number": {"inputmode": "decimal"}}.get(kind, {})
            self.fields[name] = forms.CharField(
                max_length=limit, widget=forms.TextInput(attributes | widget), **options
            )
        self._asked[name] = asked

    @property
    def asked(self) -> list[forms.BoundField]:
        """The other fields, in the order of the form."""
        return [self[name] for name in self._asked]

    def clean_topics(self) -> list[UUID]:
        """The boxes that were ticked."""
        return [UUID(value) for value in self.cleaned_data["topics"]]

    def clean(self) -> dict[str, Any]:
        """Values are of the kind that was asked."""
        data = super().clean() or {}
        for name, asked in self._asked.items():
            value = str(data.get(name, "")).strip()
            if value and not fits_asked(asked, value):
                self.add_error(name, _WRONG.get(asked.get("kind", ""), _NOT_OFFERED))
            elif value and gives_away(asked, value):
                self.add_error(name, _NOT_KEPT)
        return data

    def clean_message(self) -> str:
        """A question in one's own words, but no official number in it (INV-32)."""
        return without_numbers(self.cleaned_data["message"])

    def facts(self, *, ip: str) -> SignUpFacts:
        """What was filled in."""
        data = self.cleaned_data
        return SignUpFacts(
            email=data["email"],
            version_ids=tuple(data.get("topics", ())),
            given_name=data.get("first_name", ""),
            family_name=data.get("last_name", ""),
            said_sixteen=data.get("sixteen", False),
            parent_email=data.get("parent_email", ""),
            terms_accepted=data.get("terms", False),
            ip=ip,
            typed={
                asked["key"]: data.get(input_name(asked), "") for asked in self.snapshot["fields"]
            },
            message=data.get("message", ""),
            order_number=data.get("order_number", ""),
            no_mail=data.get("no_mail", False),
            proof=data.get("altcha", ""),
            ticket=data.get("ticket", ""),
        )


def input_name(asked: dict[str, Any]) -> str:
    """The name under which a field is posted; own fields cannot take the name of another."""
    return f"own_{asked['key']}" if asked.get("is_own") else str(asked["key"])


def choices_shown(asked: dict[str, Any]) -> list[list[str]]:
    """What can be chosen in a field as it was shown, nothing first; empty: it is typed."""
    if asked.get("kind") == "yes-no":
        return [["", "—"], ["yes", gettext("Yes")], ["no", gettext("No")]]
    found = asked.get("choices") or []
    return [["", "—"], *found] if found else []
