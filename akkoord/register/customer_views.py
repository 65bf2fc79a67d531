"""Staff pages: what you sell, which topics customers may get, whose the books are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.register import customers
from akkoord.register.actions import RegisterRefused
from akkoord.register.customer_forms import (
    BooksForm,
    GroupForm,
    SellerForm,
    SignsForm,
    TopicCustomersForm,
)
from akkoord.register.models import ProductGroup, Purpose
from akkoord.register.queries import current_versions, live_topics, organisation, product_groups
from akkoord.trail.actions import actor_of


def products(request: HttpRequest) -> HttpResponse:
    """What is sold, with a form for one more kind; the books; the names on invoices."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            customers.enter_product_group(
                name=form.cleaned_data["name"],
                signs=form.signs_list(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Added. Say for a topic whether it is about this."))
            return redirect("register:products")
    house = organisation()
    kept = "yes" if house and house.keeps_books else "no"
    page = {
        "form": form,
        "groups": product_groups(),
        "organisation": house,
        "books": BooksForm(initial={"keeps_books": kept}),
        "seller": SellerForm(),
        "topics": current_versions(live_topics()),
        "is_owner": getattr(request.user, "role", "") == "owner",
    }
    return render(request, "register/products.html", page)


def product_change(request: HttpRequest, group_id: str) -> HttpResponse:
    """Other signs for a kind of product."""
    group = get_object_or_404(ProductGroup, id=group_id)
    form = SignsForm(request.POST or None, initial={"signs": "\n".join(group.signs)})
    if request.method == "POST" and form.is_valid():
        try:
            customers.change_product_group(
                group_id=group.id,
                signs=form.signs_list(),
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Saved. Bring a file in again to read it by these signs."))
            return redirect("register:products")
    return render(request, "register/product_change.html", {"group": group, "form": form})


@require_POST
def books(request: HttpRequest) -> HttpResponse:
    """Whether Akkoord is the bookkeeping."""
    form = BooksForm(request.POST)
    if form.is_valid():
        customers.answer_bookkeeping(
            keeps_books=form.cleaned_data["keeps_books"] == "yes",
            at=timezone.now(),
            actor=actor_of(request),
        )
        messages.success(request, _("Saved."))
    return redirect("register:products")


@require_POST
def seller(request: HttpRequest) -> HttpResponse:
    """Another name on one's own invoices."""
    form = SellerForm(request.POST)
    if form.is_valid():
        customers.name_seller(
            name=form.cleaned_data["seller"], at=timezone.now(), actor=actor_of(request)
        )
        messages.success(request, _("Invoices with this name are yours now."))
    return redirect("register:products")


def topic_customers(request: HttpRequest, slug: str) -> HttpResponse:
    """Which products a topic is about: customers of those may get it without consent."""
    topic = get_object_or_404(Purpose, slug=slug, is_topic=True)
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = TopicCustomersForm(sent, initial={"groups": topic.product_groups})
    if request.method == "POST" and form.is_valid():
        try:
            customers.allow_customers(
                purpose_id=topic.id,
                product_groups=form.cleaned_data["groups"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Saved. The register says so too."))
            return redirect("register:topic_detail", slug=slug)
    page = {"topic": topic, "form": form, "current": topic.versions.get(valid_to=None)}
    return render(request, "register/topic_customers.html", page)
