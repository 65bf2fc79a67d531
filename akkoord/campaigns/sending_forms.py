"""Untrusted input of the page about sending: how much is enough, and the mail servers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.delivery.models import MailServer
from akkoord.delivery.servers import MOST_WEIGHT, default_port, is_host


class CapForm(forms.Form):
    """How many letters one person gets at most."""

    messages = forms.IntegerField(
        label=_("At most so many letters"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Empty: no limit."),
    )
    days = forms.IntegerField(label=_("in so many days"), min_value=1, max_value=60)


class PaceForm(forms.Form):
    """How fast letters leave."""

    per_hour = forms.IntegerField(
        label=_("At most so many letters an hour"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=_("Empty: as fast as your mail servers take them."),
    )
    is_new = forms.BooleanField(
        label=_("This domain or mail server is new"),
        required=False,
        help_text=_(
            "Large providers trust a new sender slowly. So the first days go by 200, 500, 1,000, "
            "2,000, 5,000, 10,000, 20,000, 40,000 and 80,000 letters. The rest of a letter goes "
            "on the next day by itself."
        ),
    )


class ServerForm(forms.Form):
    """One more mail server."""

    _typed_port = ""

    host = forms.CharField(
        label=_("Name of the server"),
        max_length=255,
        widget=forms.TextInput(attrs={"placeholder": "mail.example.nl", "autocomplete": "off"}),
    )
    scheme = forms.ChoiceField(label=_("Encryption"), choices=MailServer.Scheme.choices)
    port = forms.IntegerField(
        label=_("Port"),
        required=False,
        min_value=1,
        max_value=65535,
        help_text=_("Empty: the one that belongs to the encryption."),
    )
    user = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept in the data folder, never in the database or a backup."),
    )
    weight = forms.IntegerField(
        label=_("Share"),
        initial=1,
        min_value=1,
        max_value=MOST_WEIGHT,
        help_text=_("A server with 2 gets twice as many letters as one with 1."),
    )

    def clean_host(self) -> str:
        """A name or an IP address; `mail.example.nl:587` is taken apart by `clean`."""
        text = str(self.cleaned_data["host"]).strip().strip("[]").lower()
        name, _colon, port = text.partition(":")
        if port.isdecimal() and text.count(":") == 1:
            self._typed_port, text = port, name
        if not is_host(text):
            raise forms.ValidationError(
                _("This is no name of a server. It looks like mail.example.nl.")
            )
        return text

    def clean(self) -> None:
        """The port that belongs to the encryption, when none was typed."""
        data = self.cleaned_data
        if self._typed_port and not data.get("port") and "port" not in self.errors:
            data["port"] = int(self._typed_port[:9])
            if not 1 <= data["port"] <= 65535:
                self.add_error("port", _("A port is a number from 1 to 65535."))
        if data.get("scheme") and not data.get("port") and "port" not in self.errors:
            data["port"] = default_port(data["scheme"])
        if data.get("user") and not data.get("password"):
            self.add_error("password", _("Fill in the password that belongs to the user name."))


class TrialForm(forms.Form):
    """A mailbox to try letters on."""

    address = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
