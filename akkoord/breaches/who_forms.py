"""Untrusted input of the page on who is affected: a way, what it names, a period, an address."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.breaches.affected import ScopeFacts
from akkoord.breaches.forms import moment_field
from akkoord.breaches.models import BreachScope

Kind = BreachScope.Kind
LABELS: Mapping[str, Any] = {
    Kind.TOPIC: gettext_lazy("Which topic?"),
    Kind.FORM: gettext_lazy("Which form?"),
    Kind.IMPORT: gettext_lazy("Which file?"),
    Kind.GROUP: gettext_lazy("Which group?"),
    Kind.COMPANY: gettext_lazy("Which company?"),
    Kind.LETTER: gettext_lazy("Which letter?"),
    Kind.DOWNLOAD: gettext_lazy("Which download?"),
    Kind.ACCOUNT: gettext_lazy("Which account?"),
    Kind.KEY: gettext_lazy("Which key?"),
}
WITH_PERIOD = frozenset((Kind.DOWNLOAD, Kind.ACCOUNT, Kind.KEY))


class ScopeForm(forms.Form):
    """One way in which people were affected; what it names depends on the way."""

    kind = forms.ChoiceField(widget=forms.HiddenInput)
    value = forms.ChoiceField(required=False)
    since = moment_field(gettext_lazy("From when?"))
    until = moment_field(gettext_lazy("Until when?"))

    def __init__(
        self, kind: str, choices: Sequence[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        more.setdefault("initial", {"kind": kind})
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["kind"].choices = [(kind, kind)]
        if kind == Kind.EVERYBODY:
            del fields["value"]
        else:
            everything = [("", _("All of them"))] if kind in WITH_PERIOD else []
            fields["value"].choices = [*everything, *choices]
            fields["value"].label = LABELS[kind]
            fields["value"].required = kind not in WITH_PERIOD
        if kind not in WITH_PERIOD:
            del fields["since"], fields["until"]

    def facts(self) -> ScopeFacts:
        """The typed way."""
        typed = self.cleaned_data
        value = typed.get("value")
        return ScopeFacts(
            kind=typed["kind"],
            value=UUID(value) if value else None,
            since=typed.get("since"),
            until=typed.get("until"),
        )


class PersonForm(forms.Form):
    """Somebody whom no way finds."""

    address = forms.CharField(label=gettext_lazy("Mail address of one person"), max_length=320)
