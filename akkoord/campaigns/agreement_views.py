"""Staff pages of agreements without a sale: what somebody has, one more by hand, one called off."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from akkoord.datamap.plain_words import plain_note
from akkoord.law.states import Channel
from akkoord.people.actions import PersonRefused
from akkoord.people.agreements import (
    AgreementFacts,
    agreements_of,
    call_off,
    companies_of,
    record_agreement,
)
from akkoord.people.models import Agreement, Company, ContactPoint, Person
from akkoord.people.queries import all_ids
from akkoord.trail.actions import actor_of

_DATE = {"type": "date"}


class AgreementForm(forms.Form):
    """What was agreed with somebody."""

    kind = forms.ChoiceField(label=gettext_lazy("What was agreed"), choices=Agreement.Kind.choices)
    number = forms.CharField(
        validators=[plain_note],
        label=pgettext_lazy("of a contract", "Number"),
        max_length=60,
        help_text=gettext_lazy("The number of the member, the subscription or the appointment."),
    )
    day = forms.DateField(
        label=gettext_lazy("Day of the appointment, or first day"),
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: it goes on."),
    )
    company = forms.ModelChoiceField(
        Company.objects.none(),
        label=gettext_lazy("With"),
        required=False,
        empty_label=gettext_lazy("This person"),
    )
    point = forms.ModelChoiceField(
        ContactPoint.objects.none(),
        label=gettext_lazy("Address that was used for it"),
        required=False,
        empty_label=gettext_lazy("Not known"),
        help_text=gettext_lazy("Of a company: messages go to this address only."),
    )

    def __init__(self, *arguments: Any, person: Person, **named: Any) -> None:
        """Offer the companies where somebody is a contact, and with those their addresses."""
        super().__init__(*arguments, **named)
        companies = companies_of(person.id, at=timezone.now())
        if not companies.exists():
            del self.fields["company"], self.fields["point"]
            return
        self.fields["company"].queryset = companies  # type: ignore[attr-defined]
        addresses = ContactPoint.objects.filter(
            person=person, channel=Channel.EMAIL, ended_at=None
        ).order_by("value")
        self.fields["point"].queryset = addresses  # type: ignore[attr-defined]
        self.fields["point"].label_from_instance = (  # type: ignore[attr-defined]
            lambda point: point.value
        )

    def facts(self) -> AgreementFacts:
        """What was filled in, once it is valid."""
        data = self.cleaned_data
        company = data.get("company")
        return AgreementFacts(
            *(data["kind"], data["number"], data["day"], data["ends_on"]),
            company_id=company.id if company else None,
        )


def agreements(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What somebody has, and one more."""
    person = get_object_or_404(Person, id=person_id)
    form = AgreementForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            record_agreement(
                person_id=person.id,
                facts=form.facts(),
                point=form.cleaned_data.get("point"),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except PersonRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Written down. A message about it can be sent now."))
            return redirect("campaigns:agreements", person_id=person.id)
    found = agreements_of(list(all_ids(person.id)))[:50]
    page = {"person": person, "form": form, "agreements": found}
    return render(request, "campaigns/agreements.html", page)


@require_POST
def end(request: HttpRequest, person_id: UUID, agreement_id: UUID) -> HttpResponse:
    """It was called off."""
    found = get_object_or_404(Agreement, id=agreement_id, person_id__in=all_ids(person_id))
    call_off(agreement_id=found.id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Called off. No message rests on it any more."))
    return redirect("campaigns:agreements", person_id=person_id)
