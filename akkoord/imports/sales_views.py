"""Staff pages of sales: bring them in, what became of them, one by hand, who left a company."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.consent.queries import collecting_places
from akkoord.imports import sales_upload
from akkoord.imports.bring_sales import CUSTOMERS
from akkoord.imports.hand_sale import record_sale
from akkoord.imports.invoices import LAYOUT_NAMES, place_of
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.placing import place_sales, placeless_sales
from akkoord.imports.sales_forms import HandSaleForm, PlaceForm, SalesForm, all_places
from akkoord.imports.sales_page import may_call_customers, placeless_page, sales_result
from akkoord.imports.sentences import placed_sentence
from akkoord.imports.views import in_memory
from akkoord.people.actions import end_relation
from akkoord.people.queries import person_by_id
from akkoord.register.queries import live_topics, product_group_names
from akkoord.trail.actions import actor_of


@in_memory
def index(request: HttpRequest) -> HttpResponse:
    """Files of sales, what is needed first, and the form for another."""
    form = SalesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = sales_upload.receive_sales(
                form.cleaned_data["file"].file,
                order=form.order(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except ImportRefused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("imports:sales_detail", import_id=record.id)
    found = Import.objects.filter(source=CUSTOMERS, layout__in=LAYOUT_NAMES)
    page = {
        "form": form,
        "steps": _needed(),
        "may_call": may_call_customers(),
        "imports": found.order_by("-started_at")[:50],
    }
    return render(request, "imports/sales.html", page)


def _needed() -> list[dict[str, Any]]:
    """What must be said once, and whether it was."""
    return [
        {
            "done": bool(product_group_names()),
            "label": _("What do you sell?"),
            "url": "register:products",
        },
        {
            "done": any(each.is_shown for each in collecting_places()),  # type: ignore[attr-defined]
            "label": _("What do customers see when they give their address?"),
            "url": "consent:collecting_places",
        },
        {
            "done": any(each.product_groups for each in live_topics()),
            "label": _("Which topic is about what you sell?"),
            "url": "register:topics",
        },
        {
            "done": not placeless_sales(),
            "label": _("Of which sales is it not known where they were made?"),
            "url": "imports:placeless",
        },
    ]


def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What would happen or happened; asks itself again while the worker reads."""
    record = get_object_or_404(Import, id=import_id)
    is_part = request.headers.get("HX-Request")
    template = "imports/_sales_result.html" if is_part else "imports/sales_detail.html"
    return render(request, template, sales_result(record) | {"place": place_of(record.place_id)})


@require_POST
def bring_in(_request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The second press."""
    get_object_or_404(Import, id=import_id)
    sales_upload.bring_in_sales(import_id=import_id, at=timezone.now())
    return redirect("imports:sales_detail", import_id=import_id)


@require_POST
def choose_tables(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Which tables of the file come in; looked through again."""
    get_object_or_404(Import, id=import_id)
    try:
        names = request.POST.getlist("table")
        sales_upload.choose_tables(import_id=import_id, names=names, at=timezone.now())
    except ImportRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("imports:sales_detail", import_id=import_id)


def placeless(request: HttpRequest) -> HttpResponse:
    """Sales without a place, by file; a POST says where those of one file were made."""
    groups = placeless_sales()
    places = all_places()
    form = PlaceForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        chosen = next((each for each in groups if each.key == request.POST.get("group")), None)
        if chosen is None:
            raise Http404
        try:
            placed, given = place_sales(
                source=chosen.source,
                source_ref=chosen.source_ref,
                place_id=form.cleaned_data["place"],
                period=form.period(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except ImportRefused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, placed_sentence(placed, given))
        return redirect("imports:placeless")
    return render(request, "imports/placeless.html", placeless_page(groups, form, places))


@in_memory
def by_hand(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One sale of one person, with its invoice."""
    person = person_by_id(person_id)
    if person is None:
        raise Http404
    form = HandSaleForm(request.POST or None, request.FILES or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            record_sale(
                person_id=person.id, sale=form.sale(), at=timezone.now(), actor=actor_of(request)
            )
        except ImportRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The sale is kept, with its invoice."))
            return redirect("people:person", person_id=person.id)
    return render(request, "imports/sale_by_hand.html", {"person": person, "form": form})


@require_POST
def contact_left(request: HttpRequest, person_id: UUID, relation_id: UUID) -> HttpResponse:
    """A contact no longer works at a company: its sales carry nothing to them any more."""
    ended = end_relation(
        relation_id=relation_id, person_id=person_id, at=timezone.now(), actor=actor_of(request)
    )
    if ended:
        messages.success(
            request, _("Noted. Sales to this company no longer count for this person.")
        )
    return redirect("people:person", person_id=person_id)
