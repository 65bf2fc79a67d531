"""Staff page: asking people once a year whether their details are right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.details import DetailsRefused, details_plan, set_details, setting
from akkoord.consent.details_forms import DetailsForm
from akkoord.register.mail_servers import contract_sentence, without_contract
from akkoord.trail.actions import actor_of


def details(request: HttpRequest) -> HttpResponse:
    """The setting, the plan, and what came of it."""
    now, chosen = timezone.now(), setting()
    known = {name: getattr(chosen, name) for name in DetailsForm.base_fields} if chosen else {}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            set_details(at=now, actor=actor_of(request), **form.cleaned_data)
        except DetailsRefused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("consent:details")
    missing = without_contract() if chosen and chosen.is_on else []
    waits = contract_sentence(missing) if missing else ""
    context = {"form": form, "setting": chosen, "plan": details_plan(at=now), "waits": waits}
    return render(request, "consent/details.html", context)
