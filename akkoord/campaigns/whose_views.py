"""Staff say whose a mail server is."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.campaigns.provider_entry import say_whose
from akkoord.campaigns.sending_views import PAGE, posted
from akkoord.delivery.server_actions import ServerRefused
from akkoord.trail.actions import actor_of


class WhoseForm(forms.Form):
    """Ours, or of a company with its contract."""

    whose = forms.ChoiceField(choices=[("own", ""), ("other", "")])
    company = forms.CharField(required=False, max_length=200, label=gettext_lazy("Which company"))
    has_contract = forms.BooleanField(required=False)
    leaves_eea = forms.BooleanField(required=False)


@posted
def server_whose(request: HttpRequest, key: str) -> HttpResponse:
    """Write down whose it is."""
    form = WhoseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whose this mail server is."))
        return redirect(PAGE)
    said = form.cleaned_data
    try:
        say_whose(
            key=key,
            is_own=said["whose"] == "own",
            company=said["company"],
            has_contract=said["has_contract"],
            leaves_eea=said["leaves_eea"],
            at=timezone.now(),
            actor=actor_of(request),
        )
    except ServerRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Written down."))
    return redirect(PAGE)
