"""Staff pages: companies that receive data, security measures, who answers, inspector's links."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.accounts.models import Staff
from akkoord.datamap.attachments import AttachmentGone
from akkoord.law.register_rules import STOPS
from akkoord.law.terms import law_day
from akkoord.register import actions, companies, inspecting, measures
from akkoord.register.care_forms import CompanyForm, HouseForm, LinkForm, MeasureForm
from akkoord.register.entry_forms import ReasonForm
from akkoord.register.entry_words import ROLES, ground_words
from akkoord.register.history import MOST, activity_names, company_history
from akkoord.register.known_companies import COMPANIES
from akkoord.register.models import InspectorLink, ProcessingActivity, Recipient, language_now
from akkoord.register.queries import organisation
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import actor_of


def _show(form: Form, refusal: RegisterRefused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def company_list(request: HttpRequest) -> HttpResponse:
    """Companies that receive data, what is wrong with each, and known ones to tick."""
    house, today = organisation(), law_day(timezone.now())
    name = house.name if house else ""
    found = list(Recipient.objects.filter(valid_to=None).order_by("name"))
    taken = {each.key for each in found}
    place = 1 if language_now() == "en" else 0
    page = {
        "companies": [_company(each, name) | {"day": today} for each in found],
        "known": [
            {
                "key": each.key,
                "name": each.name,
                "service": each.service[place],
                "country": each.country,
                "looked_up": each.looked_up,
            }
            for each in COMPANIES
            if each.key not in taken
        ],
        "ended": Recipient.objects.exclude(valid_to=None).order_by("-valid_to")[:20],
    }
    return render(request, "register/companies.html", page)


def _company(each: Recipient, house_name: str) -> dict[str, Any]:
    faults = companies.faults_of(each, law_day(timezone.now()), house_name)
    return {
        "company": each,
        "role": ROLES.get(each.role, each.role),
        "ground": ground_words(each.safeguard),
        "stops": [companies.FAULTS[fault] for fault in faults if fault in STOPS],
        "warns": [companies.FAULTS[fault] for fault in faults if fault not in STOPS],
    }


def company_new(request: HttpRequest) -> HttpResponse:
    """A company by hand, or a known one by a tick."""
    form = CompanyForm(request.POST or None, request.FILES or None)
    now, actor = timezone.now(), actor_of(request)
    if request.method == "POST":
        try:
            if known := request.POST.get("known"):
                companies.enter_known(key=known, at=now, actor=actor)
                messages.success(request, _("It stands in the register. Choose who gives it data."))
                return redirect("register:companies")
            if form.is_valid():
                companies.enter_company(
                    values=form.values(), contract=form.file(), at=now, actor=actor
                )
                messages.success(request, _("It stands in the register. Choose who gives it data."))
                return redirect("register:companies")
        except RegisterRefused as refusal:
            _show(form, refusal)
    page = {"form": form}
    return render(request, "register/company.html", page)


def company(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """One company: its facts, its contract, which activities name it."""
    found = get_object_or_404(Recipient, id=recipient_id, valid_to=None)
    initial = {
        name: getattr(found, name)
        for name in (
            *("name", "service", "service_nl", "service_en", "role", "country", "safeguard"),
            *("contract_on", "review_on", "checked_on", "subprocessors"),
        )
    }
    is_used = bool(found.activity_keys)
    form = CompanyForm(
        request.POST or None, request.FILES or None, initial=initial, is_used=is_used
    )
    if found.safeguard and found.safeguard not in dict(form.fields["safeguard"].choices):  # type: ignore[attr-defined]
        form.fields["safeguard"].choices += [(found.safeguard, found.safeguard)]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            companies.change_company(
                recipient_id=found.id,
                values=form.values(),
                contract=form.file(),
                reason=form.why(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved. The register says so too."))
            return redirect("register:companies")
    house = organisation()
    page = {
        **_company(found, house.name if house else ""),
        "form": form,
        "end_form": ReasonForm(auto_id="id_end_%s"),  # the page has a reason already
        "activities": ProcessingActivity.objects.filter(
            key__in=found.activity_keys, valid_to=None
        ).order_by("name_nl"),
    }
    return render(request, "register/company.html", page)


@require_safe
def company_versions(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """Every version of a company: who, when, by which act, why, and what differs (INV-30)."""
    found = get_object_or_404(Recipient, id=recipient_id)
    staff = dict(Staff.objects.values_list("id", "name"))
    steps = company_history(found.key, staff, activity_names())
    page = {"company": found, "steps": steps, "most": MOST}
    return render(request, "register/company_history.html", page)


@require_POST
def company_end(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """It receives nothing any more."""
    reason = request.POST.get("reason", "")
    now, actor = timezone.now(), actor_of(request)
    try:
        companies.end_company(recipient_id=recipient_id, reason=reason, at=now, actor=actor)
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("register:company", recipient_id=recipient_id)
    else:
        messages.success(request, _("It receives nothing any more. Its history stays."))
    return redirect("register:companies")


@require_safe
def company_contract(_request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """The contract that was uploaded."""
    found = get_object_or_404(Recipient, id=recipient_id)
    try:
        content = companies.contract_of(found)
    except (AttachmentGone, ValueError):
        raise Http404 from None
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{found.contract_name}"'
    return response


def measure_list(request: HttpRequest) -> HttpResponse:
    """Security measures: those that Akkoord sees, and those that were declared."""
    form = MeasureForm(request.POST or None)
    now, actor = timezone.now(), actor_of(request)
    if request.method == "POST" and "look" in request.POST:
        measures.note_seen_measures(at=now, actor=actor)
        messages.success(request, _("Looked. What holds stands in the register."))
        return redirect("register:measures")
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            measures.declare_measure(
                name_nl=typed["name"],
                name_en=typed["name"],
                review_on=typed["review_on"],
                at=now,
                actor=actor,
            )
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Written down. The register says so too."))
            return redirect("register:measures")
    page = {
        "form": form,
        "measures": measures.measures_now(law_day(now)),
        "looks": measures.looks_now(),
    }
    return render(request, "register/measures.html", page)


@require_POST
def measure_end(request: HttpRequest, measure_id: UUID) -> HttpResponse:
    """A declared measure is no longer taken."""
    measures.end_measure(measure_id=measure_id, at=timezone.now(), actor=actor_of(request))
    messages.success(request, _("Ended. The history stays."))
    return redirect("register:measures")


def house(request: HttpRequest) -> HttpResponse:
    """Who answers besides the organisation itself."""
    standing = organisation()
    if standing is None:
        raise Http404
    form = HouseForm(request.POST or None, instance=standing)
    if request.method == "POST" and form.is_valid():
        actions.change_organisation(
            values=form.cleaned_data, at=timezone.now(), actor=actor_of(request)
        )
        messages.success(request, _("Saved. The register says so too."))
        return redirect("register:house")
    return render(request, "register/house.html", {"form": form, "organisation": standing})


def inspectors(request: HttpRequest) -> HttpResponse:
    """Links for who must see the register; a new one shows its address once."""
    form = LinkForm(request.POST or None)
    now, address, made = timezone.now(), "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, token = inspecting.make_link(**form.cleaned_data, at=now, actor=actor_of(request))
        except RegisterRefused as refusal:
            _show(form, refusal)
        else:
            path = reverse("register_public:inspect", args=[token])
            address, form = request.build_absolute_uri(path), LinkForm()
    page = {
        "form": form,
        "address": address,
        "made": made,
        "now": now,
        "links": InspectorLink.objects.order_by("-made_at")[:50],
    }
    return render(request, "register/inspectors.html", page)


@require_POST
def inspector_revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """A link shows nothing any more."""
    if inspecting.revoke_link(link_id=link_id, at=timezone.now(), actor=actor_of(request)):
        messages.success(request, _("This link shows nothing any more."))
    return redirect("register:inspectors")
