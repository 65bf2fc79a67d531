"""Staff pages of what leaves: notice to the AP, letter, letters by post, public notice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.breaches import ap_form, letter_facts, letters, notices, paper, papers, public_text
from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.letter_words import LANGUAGES, SUBJECT
from akkoord.breaches.models import Breach
from akkoord.breaches.out_forms import LetterForm, NoticeForm, PublicForm
from akkoord.breaches.queries import notices_of
from akkoord.breaches.views import breach_or_404, clock_of, refuse_at
from akkoord.breaches.words import LETTER_PARTS
from akkoord.campaigns.letter_forms import PrinterForm
from akkoord.messages.queries import dispatch_figures
from akkoord.register.queries import organisation
from akkoord.trail.actions import actor_of

PDF = "application/pdf"


def file_answer(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file that the browser keeps."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def authority(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """What the form of the AP asks, to copy field by field; and when it was sent."""
    found = breach_or_404(breach_id)
    told = [each for each in notices_of(found) if each.kind in ("first", "follow-up")]
    form = NoticeForm(timezone.now(), request.POST or None, is_first=not told)
    if request.method == "POST" and form.is_valid() and _filed(request, found, form):
        return redirect("breaches:breach", breach_id=found.id)
    fields = ap_form.ap_fields(found, is_follow_up=bool(told), by=request.user.pk)
    changed = ap_form.changed_since(fields, told[-1].content) if told else set()
    titles = ap_form.section_titles()
    sections = [
        (number, titles[number], [each for each in fields if each.section == number])
        for number in range(ap_form.SECTIONS)
    ]
    house = organisation()
    page = {
        "form": form,
        "sections": sections,
        "told": told,
        "changed": changed,
        "has_phone": bool(house and house.contact_phone),
    }
    return render(request, "breaches/authority.html", {**page, **clock_of(found)})


def _filed(request: HttpRequest, found: Breach, form: NoticeForm) -> bool:
    typed = form.cleaned_data
    try:
        notices.file_notice(
            breach_id=found.id,
            told_at=typed["told_at"],
            number=typed["number"],
            delay_reason=typed.get("delay_reason", ""),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BreachRefused as refused:
        refuse_at(form, refused)
        return False
    messages.success(request, _("Written down, word for word."))
    return True


@require_safe
def authority_file(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The same as a PDF."""
    found = breach_or_404(breach_id)
    content = papers.authority_pdf(found, by=request.user.pk, language=get_language() or "nl")
    return file_answer(content, PDF, f"{found.reference}-ap.pdf")


def letter(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The letter to the people: write it, look at it, send it."""
    found = breach_or_404(breach_id)
    language = request.GET.get("taal", "nl")
    if language not in LANGUAGES:
        raise Http404
    now, actor = timezone.now(), actor_of(request)
    written = letter_facts.letter_of(found, language)
    form = LetterForm(written, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            letters.keep_letter(
                breach_id=found.id, language=language, letter=form.letter(), at=now, actor=actor
            )
            messages.success(request, _("Kept. Look at it below."))
            return redirect(f"{request.path}?taal={language}")
        except BreachRefused as refused:
            refuse_at(form, refused)
    page = {
        **clock_of(found),
        "form": form,
        "language": language,
        "subject": written[SUBJECT],
        "parts": letter_facts.paragraphs_of(written, language),
        "is_written": bool(found.letter.get(language)),
        "own_words": _own_words(found, language),
        "english_readers": 0 if found.letter.get("en") else letters.english_readers(found),
        "reach": _reach(found),
        "runs": _runs(found),
    }
    return render(request, "breaches/letter.html", page)


def _own_words(found: Breach, language: str) -> list[tuple[Any, str]]:
    """What staff wrote in the record and is not in the letter yet: nobody put it into English."""
    if language == "nl" or found.letter.get(language):
        return []
    own = letter_facts.own_words(found)
    return [(LETTER_PARTS[part], own[part]) for part in letter_facts.ORDER if part in own]


def _reach(found: Breach) -> dict[str, int] | None:
    reach = letters.reach(found, at=timezone.now())
    if reach is None:
        return None
    by_mail = reach.pop("", 0)
    return {"by_mail": by_mail, "not_by_mail": sum(reach.values())}


def _runs(found: Breach) -> list[tuple[Any, Any]]:
    return [
        (each, dispatch_figures(each.dispatch_id))
        for each in notices_of(found)
        if each.dispatch_id is not None
    ]


@require_POST
def letter_send(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Send it to everybody affected who was not told yet."""
    found = breach_or_404(breach_id)
    try:
        made = letters.send_letters(breach_id=found.id, at=timezone.now(), actor=actor_of(request))
        count = sum(each.sent_to for each in made)
        sent = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", count)
        messages.success(request, sent % {"n": count})
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:letter", breach_id=found.id)


@require_POST
def letter_steer(request: HttpRequest, breach_id: UUID, run_id: UUID, act: str) -> HttpResponse:
    """Go on with letters that stand still, or stop them for good."""
    found = breach_or_404(breach_id)
    if act not in letters.STEERS:
        raise Http404
    try:
        letters.steer_letters(
            breach_id=found.id, run_id=run_id, act=act, at=timezone.now(), actor=actor_of(request)
        )
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:letter", breach_id=found.id)


@require_safe
def post(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Who gets it on paper, and of whom nobody knows where they live."""
    found = breach_or_404(breach_id)
    page = {
        **clock_of(found),
        "figures": paper.post_figures(found),
        "most": paper.AT_ONCE,
        "file": paper.last_file(found),
        "printer_form": PrinterForm(),
    }
    return render(request, "breaches/post.html", page)


@require_POST
def post_file(request: HttpRequest, breach_id: UUID, kind: str) -> HttpResponse:
    """The letters as PDF, or the addresses as CSV."""
    found = breach_or_404(breach_id)
    if kind not in ("pdf", "csv"):
        raise Http404
    form = PrinterForm(request.POST)
    form.is_valid()
    try:
        content = paper.post_file(
            breach_id=found.id,
            kind=kind,
            printer=form.printer(),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
        return redirect("breaches:post", breach_id=found.id)
    return file_answer(content, PDF if kind == "pdf" else "text/csv", f"{found.reference}.{kind}")


@require_POST
def post_handed(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The letters of that file were posted."""
    found = breach_or_404(breach_id)
    try:
        count = paper.hand_to_post(
            breach_id=found.id,
            run=request.POST.get("file", ""),
            at=timezone.now(),
            actor=actor_of(request),
        )
        told = ngettext("%(n)s person was told by post.", "%(n)s people were told by post.", count)
        messages.success(request, told % {"n": count})
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:post", breach_id=found.id)


@require_POST
def post_choose(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Write on paper too to whom the mail may not have reached."""
    found = breach_or_404(breach_id)
    try:
        paper.choose_post(breach_id=found.id, at=timezone.now(), actor=actor_of(request))
    except BreachRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("breaches:post", breach_id=found.id)


def public(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The public notice: to copy, and on a page of its own (art. 34(3)(c))."""
    found = breach_or_404(breach_id)
    start = {"text": found.public_text or public_text.proposed(found)}
    form = PublicForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        is_open = request.POST.get("doe") == "open"
        try:
            notices.keep_public(
                breach_id=found.id,
                text=form.cleaned_data["text"],
                is_open=is_open,
                at=timezone.now(),
                actor=actor_of(request),
            )
            messages.success(request, _("It stands on line.") if is_open else _("Kept."))
            return redirect("breaches:public", breach_id=found.id)
        except BreachRefused as refused:
            refuse_at(form, refused)
    url = reverse("breaches_public:notice", args=[found.reference.lower()])
    page = {"form": form, "address": request.build_absolute_uri(url), **clock_of(found)}
    return render(request, "breaches/public.html", page)
