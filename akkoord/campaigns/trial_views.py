"""Staff ask a mailbox of their own to try letters, and take it off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.campaigns.sending_forms import TrialForm
from akkoord.campaigns.sending_views import PAGE, posted
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.trial import ask_trial, remove_trial
from akkoord.law.reasons import Reason
from akkoord.trail.actions import actor_of


@posted
def trial_add(request: HttpRequest) -> HttpResponse:
    """Ask its owner, by one mail."""
    form = TrialForm(request.POST)
    try:
        if not form.is_valid():
            raise ConsentRefused(Reason.BAD_ADDRESS)
        ask_trial(
            address=form.cleaned_data["address"],
            language="en" if get_language() == "en" else "nl",
            at=timezone.now(),
            actor=actor_of(request),
        )
    except ConsentRefused as refusal:
        messages.error(request, _said(refusal.reason))
    else:
        messages.success(request, _("Asked. It gets tests once its owner says yes in that mail."))
    return redirect(PAGE)


def _said(reason: Reason) -> str:
    if reason is Reason.SUPPRESSED:
        return _("The owner of this address does not want this. It is not asked again.")
    if reason is Reason.REFUSED_RECENTLY:
        return _("This address was asked less than half a year ago and did not say yes.")
    if reason is Reason.RESTRICTED:
        return _("This address is of somebody whose record is frozen. It is not asked now.")
    if reason is Reason.TOO_MANY_ATTEMPTS:
        return _("This address is there already, or there are five. Take one off first.")
    return _("Fill in an e-mail address, such as name@example.nl.")


@posted
def trial_remove(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """It gets no tests any more."""
    if remove_trial(trial_id=trial_id, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("Taken off. It gets no tests any more."))
    return redirect(PAGE)
