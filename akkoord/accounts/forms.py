"""Untrusted input of the staff pages to typed values."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.models import Language, Role, Staff
from akkoord.accounts.parties import parties

OWN = "own"
ROLE_WORDS = {
    Role.OWNER.value: _("May do everything, also settings and staff."),
    Role.MARKETER.value: _("Works with people, forms and campaigns."),
    Role.PRIVACY_OFFICER.value: _("Answers requests and keeps the register; sends nothing."),
}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody may change of their own account."""

    class Meta:
        model = Staff
        fields: ClassVar[list[str]] = ["name", "language"]
        labels: ClassVar = {"name": _("Your name"), "language": _("Language of your screens")}


class NewStaffForm(forms.Form):
    """A new member of staff."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Mail address"), max_length=254, help_text=_("With this they log in.")
    )
    role = forms.ChoiceField(
        label=_("What they do"),
        choices=Role.choices,
        initial=Role.MARKETER,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language of their screens"), choices=Language.choices)
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Ask them to change it after the first log-in."),
    )

    def clean_password(self) -> str:
        """Refuse a password that is easy to guess."""
        password: str = self.cleaned_data["password"]
        somebody = Staff(
            email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")
        )
        validate_password(password, somebody)
        return password


class RoleForm(forms.Form):
    """Another role for a member of staff."""

    role = forms.ChoiceField(choices=Role.choices)


class KeyForm(forms.Form):
    """A new key for the API."""

    name = forms.CharField(
        label=_("Which system gets it?"),
        max_length=80,
        help_text=_("For example: web shop. Give every system a key of its own."),
    )
    role = forms.ChoiceField(
        label=_("What it may do"),
        choices=Role.choices,
        initial=Role.MARKETER,
        widget=forms.RadioSelect,
        help_text=_("Whatever its role: a key can never say yes for somebody, only no."),
    )
    recipient_id = forms.ChoiceField(
        label=_("Whose system is it?"),
        help_text=_(
            "Of another company? Then Akkoord knows who read whose data, and tells them when it "
            "changes or must go."
        ),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """The companies are those of the register now."""
        super().__init__(*args, **more)
        field: Any = self.fields["recipient_id"]
        field.choices = [("", _("Choose")), (OWN, _("Our own")), *parties()]

    def clean_recipient_id(self) -> UUID | None:
        """None for the organisation's own."""
        chosen: str = self.cleaned_data["recipient_id"]
        return None if chosen == OWN else UUID(chosen)
