"""Untrusted input of the pages about service messages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service import ServiceText
from akkoord.campaigns.service_queries import Chosen, ChosenAgreements, kinds_sold, places
from akkoord.campaigns.service_ready import Ready
from akkoord.datamap.plain_words import plain_name
from akkoord.people.models import Agreement, Purchase
from akkoord.register.service_purposes import service_activities

_FIELDS = ("name", "activity_key", "about", "language", "subject", "body")


class ServiceForm(forms.Form):
    """What is written of a service message."""

    name = forms.CharField(validators=[plain_name], label=_("Name, for yourself"), max_length=120)
    activity_key = forms.ChoiceField(
        label=_("For which activity"),
        help_text=_("It rests on the contract with your customer, or on a duty of yours."),
    )
    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ServiceTemplate.About.choices,
        required=False,
        help_text=_("This says which fields you may use, and what each message rests on."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *arguments: Any,
        template: ServiceTemplate | None = None,
        ready: Ready | None = None,
        **more: Any,
    ) -> None:
        """Empty, from a ready text, or filled from a template."""
        begin = template or ready
        names = (
            (*_FIELDS, "version") if template else ("name", "about", "language", "subject", "body")
        )
        if begin is not None:
            more["initial"] = {name: getattr(begin, name) for name in names}
        super().__init__(*arguments, **more)
        choices = [(each.key, each.name) for each in service_activities()]
        self.fields["activity_key"].choices = choices  # type: ignore[attr-defined]

    def text(self) -> ServiceText:
        """The values for the verb."""
        typed = {name: self.cleaned_data[name] for name in _FIELDS}
        return ServiceText(**typed | {"about": typed["about"] or ServiceTemplate.About.PURCHASE})


class ChooseForm(forms.Form):
    """Which purchases the message is about."""

    since = forms.DateField(
        label=_("Bought from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("up to and with"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    product_group = forms.ChoiceField(label=_("Kind of product"), required=False)
    place = forms.ChoiceField(label=_("Collecting place"), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """With what was really sold."""
        super().__init__(*arguments, **more)
        every = ("", _("All"))
        self.fields["product_group"].choices = [every, *((k, k) for k in kinds_sold())]  # type: ignore[attr-defined]
        self.fields["place"].choices = [every, *places()]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """The days stand in order."""
        data = self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day lies before the first day."))

    def chosen(self) -> Chosen:
        """The values for the query."""
        data = self.cleaned_data
        place = UUID(data["place"]) if data["place"] else None
        return Chosen(data["since"], data["until"], data["product_group"], place)

    def found(self) -> QuerySet[Purchase]:
        """The purchases."""
        return self.chosen().purchases()

    @staticmethod
    def lately() -> dict[str, str]:
        """The last month, to begin with."""
        today = timezone.localdate()
        return {"since": (today - timedelta(days=30)).isoformat(), "until": today.isoformat()}


class ChooseAgreementsForm(forms.Form):
    """Which agreements the message is about."""

    since = forms.DateField(
        label=_("Appointment or last day from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("up to and with"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        label=_("What was agreed"),
        choices=[("", _("All")), *Agreement.Kind.choices],
        required=False,
    )

    def clean(self) -> None:
        """The days stand in order."""
        data = self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day lies before the first day."))

    def found(self) -> QuerySet[Agreement]:
        """The agreements."""
        data = self.cleaned_data
        return ChosenAgreements(data["since"], data["until"], data["kind"]).agreements()

    @staticmethod
    def lately() -> dict[str, str]:
        """The coming month, to begin with."""
        today = timezone.localdate()
        return {"since": today.isoformat(), "until": (today + timedelta(days=30)).isoformat()}


class AboutForm(forms.Form):
    """A message to one customer: which text, about which of their purchases."""

    template = forms.ChoiceField(label=_("Which message"))
    purchases = forms.MultipleChoiceField(
        label=_("About what"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *arguments: Any,
        templates: list[ServiceTemplate],
        purchases: list[tuple[Purchase | Agreement, str]],
        **more: Any,
    ) -> None:
        """With the texts that there are and what this customer bought."""
        super().__init__(*arguments, **more)
        texts = [(str(each.id), each.name) for each in templates]
        self.fields["template"].choices = texts  # type: ignore[attr-defined]
        bought = [(str(each.id), words) for each, words in purchases]
        self.fields["purchases"].choices = bought  # type: ignore[attr-defined]
