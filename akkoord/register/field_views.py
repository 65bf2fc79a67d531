"""Staff pages: which fields an activity uses and why, and the fields of one's own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.law.field_rules import FieldKind
from akkoord.register import own_fields, queries
from akkoord.register.actions import RegisterRefused
from akkoord.register.exception_views import way_out
from akkoord.register.field_forms import AdmitForm, ChoicesForm, OwnFieldForm
from akkoord.register.models import PersonalDataField, ProcessingActivity
from akkoord.register.purpose_changes import NeedsWeighing
from akkoord.register.purpose_forms import questions_after, weighed_in
from akkoord.trail.actions import actor_of


def _activity(key: str) -> ProcessingActivity:
    found = queries.current_activity(key)
    if found is None:
        raise Http404
    return found


def activity_fields(request: HttpRequest, key: str) -> HttpResponse:
    """What an activity may use, with the reason of each; posting admits one more."""
    activity = _activity(key)
    form = AdmitForm(own_fields.admissible(key), request.POST or None)
    questions = None
    if request.method == "POST" and form.is_valid():
        try:
            own_fields.admit_field(
                activity_key=key,
                field_key=form.cleaned_data["field"],
                why_nl=form.cleaned_data["why_nl"],
                why_en=form.cleaned_data["why_en"],
                at=timezone.now(),
                actor=actor_of(request),
                weighed=weighed_in(request.POST),
            )
        except NeedsWeighing as asked:
            form.add_error(None, asked.sentence)
            questions = questions_after(asked.data, request.POST)
        except RegisterRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            messages.success(request, _("This may be used now. Put it on a form to ask it."))
            return redirect("register:activity_fields", key=key)
    page = {"activity": activity, "form": form, "uses": queries.uses_of(key)}
    page |= {"questions": questions}
    return render(request, "register/activity_fields.html", page | {"needed": own_fields.NEEDED})


@require_POST
def field_release(request: HttpRequest, key: str, field: str) -> HttpResponse:
    """An activity uses a field no longer."""
    try:
        own_fields.release_field(
            activity_key=_activity(key).key,
            field_key=field,
            at=timezone.now(),
            actor=actor_of(request),
        )
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("No form, group or letter of this uses it from now on."))
    return redirect("register:activity_fields", key=key)


def fields(request: HttpRequest) -> HttpResponse:
    """The fields of one's own: how they are answered, and which activities use them."""
    return render(request, "register/fields.html", {"fields": queries.own_fields_and_uses()})


def field_create(request: HttpRequest) -> HttpResponse:
    """A field of one's own, for an activity that needs it."""
    form = OwnFieldForm(
        list(queries.current_activities().filter(is_system=False)),
        request.POST or None,
        initial={"activity": request.GET.get("activiteit", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            own_fields.make_own_field(
                facts=form.facts(),
                activity_key=form.cleaned_data["activity"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            messages.success(request, _("The field is there. Put it on a form to ask it."))
            return redirect("register:fields")
    return render(request, "register/field_create.html", {"form": form, **way_out(request, form)})


def field_choices(request: HttpRequest, key: str) -> HttpResponse:
    """Other words to choose from."""
    found = get_object_or_404(
        PersonalDataField, key=key, is_own=True, value_kind=FieldKind.CHOICE, ended_at=None
    )
    lines = [" | ".join(pair) for pair in zip(found.choices_nl, found.choices_en, strict=True)]
    form = ChoicesForm(request.POST or None, initial={"choices": "\n".join(lines)})
    if request.method == "POST" and form.is_valid():
        try:
            own_fields.change_choices(
                field_key=key, choices=form.pairs(), at=timezone.now(), actor=actor_of(request)
            )
        except RegisterRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Saved. Publish your form again to show these words."))
            return redirect("register:fields")
    return render(request, "register/field_choices.html", {"field": found, "form": form})
