"""Forms about recipients: how they are told, and that one got somebody's data."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.delivery.push_address import BadEndpoint, read_endpoint
from akkoord.register.models import Recipient
from akkoord.rights.recipient_queries import others, parties

PERSON, OURSELVES = "person", "ourselves"


class WayForm(forms.Form):
    """How a recipient hears that data changed or must go."""

    told_by = forms.ChoiceField(label=gettext_lazy("How do we tell them?"), choices=())
    told_at = forms.CharField(
        label=gettext_lazy("Mail address or web address"), max_length=400, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """The choices are the recipient's."""
        super().__init__(*args, **options)
        field = self.fields["told_by"]
        field.choices = Recipient.ToldBy.choices  # type: ignore[attr-defined]
        field.required = False

    def clean(self) -> dict[str, Any]:
        """A mail address for mail; https at a public name for their system."""
        values: dict[str, Any] = super().clean() or {}
        by, where = values.get("told_by", ""), values.get("told_at", "").strip()
        if by == Recipient.ToldBy.MAIL:
            try:
                validate_email(where)
            except ValidationError:
                self.add_error("told_at", _("This is no mail address."))
        if by == Recipient.ToldBy.WEBHOOK:
            try:
                where = read_endpoint(where)
            except BadEndpoint:
                self.add_error(
                    "told_at",
                    _("Fill in an address that begins with https:// and that the internet knows."),
                )
        values["told_at"] = where if by else ""
        return values


class FileForm(forms.Form):
    """Who gets a file with somebody's data: asked once, when it is downloaded."""

    who = forms.ChoiceField(label=gettext_lazy("Who gets this file?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        """The person, ourselves, or one of the companies of now."""
        super().__init__(*args, **options)
        field: Any = self.fields["who"]
        field.choices = [
            (PERSON, _("The person it is about")),
            (OURSELVES, _("Nobody outside our organisation")),
            *((str(key), name) for key, name in parties()),
        ]

    @property
    def recipient_id(self) -> UUID | None:
        """The company that gets it; None: nobody else."""
        chosen = self.cleaned_data["who"]
        return None if chosen in (PERSON, OURSELVES) else UUID(chosen)


class HandForm(forms.Form):
    """Which recipient got somebody's data by hand."""

    recipient = forms.ModelChoiceField(
        label=gettext_lazy("Who got this data from you?"),
        queryset=Recipient.objects.none(),
        empty_label=gettext_lazy("Choose a company"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Recipients of now."""
        super().__init__(*args, **options)
        field = self.fields["recipient"]
        field.queryset = others()  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: each.name  # type: ignore[attr-defined]
