"""Staff pages of a signed list: enter it, then match it line by line."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from akkoord.consent.evidence_files import keep_file
from akkoord.consent.list_forms import ListForm, posted_rows
from akkoord.consent.lists import Matched, SignedList, find_people, match_list
from akkoord.consent.models import CollectionPoint, EvidenceFile, Notice
from akkoord.consent.notices import declare_wording
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.uploads import off_the_disk
from akkoord.consent.words_shown import TYPED, chosen_words, too_new
from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics
from akkoord.trail.actions import actor_of

SALT = "consent.signed-list"


@off_the_disk
def create(request: HttpRequest) -> HttpResponse:
    """The sheet and its lines; then the lines beside the people whose address they have."""
    form = ListForm(current_versions(live_topics()), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        terms = _terms(request, form, at=now)
        if terms is not None:
            file = keep_file(
                form.cleaned_data["scan"], person_id=None, actor=actor_of(request), at=now
            )
            context = {
                "found": find_people(form.cleaned_data["rows"]),
                "file": file,
                "terms": dumps(terms, salt=SALT),
            }
            return render(request, "consent/list_match.html", context)
    return render(request, "consent/list_create.html", {"form": form})


def _terms(request: HttpRequest, form: ListForm, *, at: datetime) -> dict[str, str] | None:
    """What all lines have in common, as ids; None: the form now says what is wrong."""
    data = form.cleaned_data
    if data["words"] == TYPED:
        notice = declare_wording(
            text=data["wording"],
            source=_("Signed list"),
            actor=actor_of(request),
            at=at,
            language=language_now(),
        )
        version = PurposeVersion.objects.get(purpose_id=data["topic"], valid_to=None)
        return _as_ids(notice, version, None, data["signed_on"])
    words = chosen_words(data["words"], purpose_id=UUID(data["topic"]), channel=Channel.EMAIL)
    if words is None or words.version is None:
        form.add_error("words", _("These words do not speak of this topic. Choose other words."))
        return None
    if why := too_new(words, on=data["signed_on"]):
        form.add_error("words", why)
        return None
    return _as_ids(words.notice, words.version, words.shown, data["signed_on"])


def _as_ids(
    notice: Notice, version: PurposeVersion, shown: CollectionPoint | None, signed_at: datetime
) -> dict[str, str]:
    return {
        "notice": str(notice.id),
        "version": str(version.id),
        "shown": str(shown.id) if shown else "",
        "signed_at": signed_at.isoformat(),
    }


@require_POST
def match(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The lines that were ticked become a yes each."""
    file = get_object_or_404(EvidenceFile, id=file_id, kind=EvidenceFile.LIST)
    try:
        sheet = _sheet(file, loads(request.POST.get("terms", ""), salt=SALT))
        matched = match_list(
            sheet=sheet,
            rows=posted_rows(request.POST),
            at=timezone.now(),
            actor=actor_of(request),
        )
    except BadSignature:
        messages.error(request, _("This page is too old. Enter the list again."))
    except ConsentRefused:
        messages.error(request, _("These words do not speak of this topic. Choose other words."))
    else:
        _tell(request, matched)
        return redirect("consent:overview")
    return redirect("consent:list_create")


def _sheet(file: EvidenceFile, terms: dict[str, str]) -> SignedList:
    signed_at = parse_datetime(terms["signed_at"])
    if signed_at is None:
        raise BadSignature
    shown = CollectionPoint.objects.filter(id=terms["shown"]).first() if terms["shown"] else None
    return SignedList(
        file=file,
        version=PurposeVersion.objects.select_related("purpose").get(id=terms["version"]),
        signed_at=signed_at,
        notice=Notice.objects.get(id=terms["notice"]),
        shown=shown,
    )


def _tell(request: HttpRequest, matched: Matched) -> None:
    """What came of it."""
    messages.success(
        request,
        ngettext(
            "{n} line became a yes, with the list as evidence.",
            "{n} lines became a yes, with the list as evidence.",
            matched.agreed,
        ).format(n=matched.agreed),
    )
    if matched.left:
        messages.warning(
            request,
            _(
                "These lines did not: {lines}. Their address cannot work, they are under 16, they "
                "stood there twice, or they said no after signing."
            ).format(lines=", ".join(map(str, matched.left))),
        )
