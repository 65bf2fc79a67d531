"""Staff pages of service messages: texts, to one customer, about many purchases."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from akkoord.campaigns import service, service_queries
from akkoord.campaigns.actions import CampaignRefused
from akkoord.campaigns.looking import document
from akkoord.campaigns.models import ServiceTemplate
from akkoord.campaigns.service_forms import (
    AboutForm,
    ChooseAgreementsForm,
    ChooseForm,
    ServiceForm,
)
from akkoord.campaigns.service_ready import READY, ready_named
from akkoord.messages.models import Dispatch
from akkoord.people.agreements import agreements_of
from akkoord.people.models import Agreement, Person, Purchase
from akkoord.people.queries import all_ids
from akkoord.trail.actions import actor_of, record_change

About = ServiceTemplate.About


def _template(template_id: UUID) -> ServiceTemplate:
    return get_object_or_404(ServiceTemplate, id=template_id, ended_at=None)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The texts in use, ready ones to begin with, and what was sent."""
    return render(
        request,
        "campaigns/service.html",
        {
            "templates": service_queries.service_templates(),
            "ready": READY,
            "runs": service_queries.recent_runs(),
        },
    )


def write(request: HttpRequest, template_id: UUID | None = None) -> HttpResponse:
    """A new text, from a ready one or empty; or a change of one."""
    template = _template(template_id) if template_id else None
    ready = ready_named(request.GET.get("van", ""))
    form = ServiceForm(request.POST or None, template=template, ready=ready)
    if request.method == "POST" and form.is_valid():
        try:
            service.keep_service_template(
                text=form.text(),
                template_id=template_id,
                version=form.cleaned_data["version"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except CampaignRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            messages.success(request, _("Kept. It can be sent about a purchase now."))
            return redirect("campaigns:service")
    return render(request, "campaigns/service_write.html", {"form": form, "template": template})


@require_POST
def put_away(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """This text is not used any more."""
    service.end_service_template(
        template_id=template_id, at=timezone.now(), actor=actor_of(request)
    )
    messages.success(request, _("Put away."))
    return redirect("campaigns:service")


@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """How a text looks: with made-up values, or to the customer of a purchase (which is noted)."""
    template = _template(template_id)
    wanted = service_queries.purchases_with(template, request.GET.getlist("aankoop"))
    customer = wanted.first() if wanted is not None else None
    if customer is not None:
        record_change(
            actor=actor_of(request),
            action="service.show-as",
            object_kind="service-template",
            object_id=template.id,
            subject_id=customer.person_id,
            at=timezone.now(),
        )
    shown = service_queries.service_preview(template, wanted)
    return document(shown.html, request.GET.get("licht", ""))


def _running(person_ids: list[UUID]) -> list[Agreement]:
    """What was agreed with somebody and not called off."""
    return list(agreements_of(person_ids).filter(cancelled_on=None)[:50])


def _words(purchase: Purchase | Agreement) -> str:
    """One purchase or agreement in a line."""
    if isinstance(purchase, Agreement):
        day = date_format(purchase.agreed_day, "j b Y")
        return f"{day}: {purchase.get_kind_display()} ({purchase.number})"
    kind = purchase.product_group or _("Purchase")
    return f"{date_format(purchase.bought_on, 'j b Y')}: {kind} ({purchase.number})"


def about(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A message about a purchase, to one customer."""
    person = get_object_or_404(Person, id=person_id)
    ids = list(all_ids(person.id))
    bought: list[Purchase | Agreement] = [
        *service_queries.purchases_of_person(ids)[:50],
        *_running(ids),
    ]
    texts = service_queries.service_templates()
    form = AboutForm(
        request.POST or None,
        templates=texts,
        purchases=[(each, _words(each)) for each in bought],
        initial={"purchases": [str(each.id) for each in bought[:1]]},
    )
    page = {"person": person, "form": form, "has_texts": bool(texts), "has_bought": bool(bought)}
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "look":
                page |= _looked_at(form)
            else:
                return _send_one(request, form)
        except CampaignRefused as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "campaigns/service_about.html", page)


def _send_one(request: HttpRequest, form: AboutForm) -> HttpResponse:
    template = _template(UUID(form.cleaned_data["template"]))
    run = service.send_service(
        template_id=template.id,
        purchases=service_queries.proof_with(template, form.cleaned_data["purchases"]),
        at=timezone.now(),
        actor=actor_of(request),
    )
    return redirect("campaigns:service_sent", dispatch_id=run.id)


def _looked_at(form: AboutForm) -> dict[str, object]:
    """The check before sending, and how it looks to this customer."""
    template = _template(UUID(form.cleaned_data["template"]))
    wanted = form.cleaned_data["purchases"]
    check = service.check_service(
        template, service_queries.proof_with(template, wanted), at=timezone.now()
    )
    where = reverse("campaigns:service_preview", args=[template.id])
    return {
        "check": check,
        "reasons": service_queries.reason_rows(check),
        "subject": template.shown_subject,
        "preview_url": f"{where}?{urlencode({'aankoop': wanted}, doseq=True)}",
    }


def send(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """About many purchases: choose them, see who gets it and why the others do not, send."""
    template = _template(template_id)
    asked = request.POST or request.GET
    kind = ChooseAgreementsForm if template.about == About.AGREEMENT else ChooseForm
    form = kind(asked if "since" in asked else kind.lately())
    ticked = asked.getlist("kies")
    page: dict[str, object] = {"template": template, "form": form}
    if form.is_valid():
        found = service_queries.only_ticked(form.found(), ticked)
        if request.method == "POST":
            try:
                run = service.send_service(
                    template_id=template.id,
                    purchases=found,
                    at=timezone.now(),
                    actor=actor_of(request),
                )
            except CampaignRefused as refusal:
                messages.error(request, refusal.sentence)
            else:
                return redirect("campaigns:service_sent", dispatch_id=run.id)
        page |= _what_happens(template, form, ticked)
    return render(request, "campaigns/service_send.html", page)


def _what_happens(
    template: ServiceTemplate, form: ChooseForm | ChooseAgreementsForm, ticked: list[str]
) -> dict[str, object]:
    found = form.found()
    chosen = service_queries.only_ticked(found, ticked)
    try:
        check = service.check_service(template, chosen, at=timezone.now())
    except CampaignRefused as refusal:
        return {"refusal": refusal.sentence}
    return {
        "check": check,
        "reasons": service_queries.reason_rows(check),
        "rows": service_queries.rows_of(found, ticked),
        "ticked": ticked,
        "count": found.count(),
        "shown": service_queries.SHOWN,
    }


@require_safe
def sent(request: HttpRequest, dispatch_id: UUID) -> HttpResponse:
    """A run that was started: how many got it, and why the others did not."""
    run = get_object_or_404(Dispatch, id=dispatch_id, kind="service")
    return render(request, "campaigns/service_sent.html", {"run": service_queries.sent_run(run)})
