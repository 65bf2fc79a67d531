"""Staff: handling a request step by step; each press is one verb, a refusal shows the page."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.people.models import Purchase
from akkoord.rights import answers, handling
from akkoord.rights.actions import finish_by_hand
from akkoord.rights.bundle import DATA, make_bundle, window_lines
from akkoord.rights.extending import tell_extension
from akkoord.rights.handling_forms import (
    AssessForm,
    LetterForm,
    LiftForm,
    MoreForm,
    NoteForm,
    ToldForm,
    WayForm,
)
from akkoord.rights.handling_shown import letter_of
from akkoord.rights.letters import draft_extension, letter_pdf
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.objecting import uses
from akkoord.rights.queries import subject_of
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.request_page import page
from akkoord.trail.actions import actor_of, record_change


def _done(
    request: HttpRequest,
    request_id: UUID,
    verb: Callable[..., Any],
    sentence: str,
    key: str = "",
    form: Any = None,
    **values: Any,
) -> HttpResponse:
    """Do one verb and come back to the page; what is refused stands at its field."""
    found = get_object_or_404(RightsRequest, id=request_id)
    if form is not None:
        if not form.is_valid():
            return page(request, found, status=422, **{key: form})
        values |= form.cleaned_data
    try:
        verb(request_id=found.id, at=timezone.now(), actor=actor_of(request), **values)
    except RequestRefused as refused:
        if form is not None and refused.field in form.fields:
            form.add_error(refused.field, refused.sentence)
            return page(request, found, status=422, **{key: form})
        return page(request, found, problem=refused.sentence, status=422)
    messages.success(request, sentence)
    return redirect("rights:request", request_id=found.id)


@require_POST
def attach(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say whose request it is."""
    try:
        person_id = UUID(request.POST.get("person", ""))
    except ValueError:
        person_id = UUID(int=0)
    fact = request.POST.get("fact", "")[:320]
    return _done(
        request, request_id, handling.attach_person, _("Noted."), person_id=person_id, fact=fact
    )


@require_POST
def ask_more(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Note why more than the mailbox is asked."""
    form = MoreForm(request.POST)

    def verb(*, identity_reason: str, **named: Any) -> None:
        handling.ask_more(reason=identity_reason, **named)

    return _done(request, request_id, verb, _("Noted."), "more", form)


@require_POST
def finish(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One kind is done."""
    kind = request.POST.get("kind", "")
    return _done(request, request_id, finish_by_hand, _("Done."), kinds=[kind])


@require_POST
def assess(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Judge an objection."""
    form = AssessForm(request.POST, uses=uses())

    def verb(*, outcome: str, **named: Any) -> None:
        handling.assess_objection(is_granted=outcome == "granted", **named)

    return _done(request, request_id, verb, _("Judged, with your reasons."), "assessment", form)


@require_POST
def annotate(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """A correction beside a sale."""
    found = get_object_or_404(RightsRequest, id=request_id)
    person = subject_of(found)
    sales = list(Purchase.objects.filter(person=person)) if person else []
    form = NoteForm(request.POST, sales=sales)
    table = Purchase._meta.db_table
    return _done(
        request, request_id, handling.annotate, _("Written beside it."), "beside", form, store=table
    )


@require_POST
def lift(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Tell the person that the freeze ends; then end it."""
    if request.POST.get("do") == "lift":
        return _done(request, request_id, handling.lift, _("The data may be used again."))
    form = LiftForm(request.POST)
    sentence = _("Told. Now the data may be used again.")
    return _done(request, request_id, handling.tell_of_lifting, sentence, "lifting", form)


@require_POST
def letter(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keep the words of the letter, or keep and approve them."""
    approves = request.POST.get("do") == "approve"

    def verb(*, text: str, **named: Any) -> None:
        answers.write_letter(text=text, **named)
        if approves:
            answers.approve_letter(**named)

    sentence = _("Approved. It can go.") if approves else _("Kept as a draft.")
    return _done(request, request_id, verb, sentence, "letter", LetterForm(request.POST))


@require_POST
def deliver(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Deliver the approved answer."""
    form = WayForm(request.POST)
    sentence = _("The answer is on its way. The log keeps when it was fetched.")
    return _done(request, request_id, answers.deliver, sentence, "way", form)


@require_safe
def letter_file(_request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The letter as PDF, for a window envelope."""
    found = get_object_or_404(RightsRequest, id=request_id)
    person = subject_of(found)
    _answer, text = letter_of(found)
    lines = window_lines(person) if person else [found.reply_to]
    content = letter_pdf(found, text, lines=lines, on=timezone.localdate())
    return _paper(content, found.reference)


def _paper(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_safe
def extension_file(_request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The letter that asks for more time, for a window envelope (art. 12(3))."""
    found = get_object_or_404(RightsRequest, id=request_id, extended_until__isnull=False)
    person = subject_of(found)
    content = letter_pdf(
        found,
        draft_extension(found),
        lines=window_lines(person) if person else [found.reply_to],
        on=timezone.localdate(),
        is_answer=False,
    )
    return _paper(content, f"{found.reference}-1")


@require_POST
def told(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The person was told of the extension, without a mail."""

    def verb(*, told_on: date, **named: Any) -> None:
        tell_extension(on=told_on, **named)

    return _done(request, request_id, verb, _("Noted."), "told", ToldForm(request.POST))


@require_safe
def bundle(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The whole answer as a file: to print, or to hand over at the counter."""
    found = get_object_or_404(RightsRequest, id=request_id)
    person = subject_of(found)
    if person is None:
        return letter_file(request, request_id)
    now = timezone.now()
    granted = found.parts.exclude(state=RequestPart.State.REFUSED).filter(kind__in=DATA)
    kinds = set(granted.values_list("kind", flat=True))
    content = make_bundle(found, person, letter_of(found)[1], kinds=kinds, at=now)
    record_change(
        actor=actor_of(request),
        action="person.export",
        object_kind="person",
        object_id=person.id,
        subject_id=person.id,
        at=now,
    )
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.zip"'
    return response
