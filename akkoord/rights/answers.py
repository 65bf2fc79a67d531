"""The answer to a request: written, approved, delivered, and gone again after fourteen days.

Data never stands in a mail. A link to the mailbox says that the answer is ready; behind it the
mailbox is checked once more, and only that second link, of an hour, gives the file.
"""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.datamap.attachments import AttachmentGone, Sealed, open_file, seal_file
from akkoord.datamap.ids import uuid7
from akkoord.law.message_kinds import MessageKind
from akkoord.law.parameters import duration
from akkoord.law.request_rules import RequestKind
from akkoord.rights.bundle import DATA, make_bundle
from akkoord.rights.identity import refuse_identity_papers
from akkoord.rights.letters import draft_letter, lacks_way_out
from akkoord.rights.log import note
from akkoord.rights.models import RequestAnswer, RequestPart, RightsRequest
from akkoord.rights.parts import finish_parts, letter_gone, open_parts, trail
from akkoord.rights.queries import mailbox_of, subject_of
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.taken_mail import send
from akkoord.rights.tokens import answer_link, fetch_link
from akkoord.trail.actions import Actor

LONGEST = 20_000
MAILS_A_DAY = 3
DAY = timedelta(days=1)
LATER = frozenset({*DATA, RequestKind.ERASURE})
"""Kinds that are done with the answer, or after it; the others are decided before it is written."""
Way, State = RequestAnswer.Way, RequestAnswer.State


def draft(request: RightsRequest, *, at: datetime) -> str:
    """The letter as it stands: what was kept, else a fresh draft of what was decided.

    What was kept before something was decided does not say that, nor a refusal its ground and where
    to complain (art. 12(4)): then it is drafted anew.
    """
    kept = RequestAnswer.objects.filter(request=request).first()
    if kept is not None and (kept.state in (State.DELIVERED, State.GONE) or not _is_behind(kept)):
        return kept.text
    return draft_letter(request, subject_of(request), on=timezone.localdate(at))


def _is_behind(kept: RequestAnswer) -> bool:
    """Whether something was decided after this letter was written."""
    written = kept.request.steps.filter(code="letter-written").order_by("-id").first()
    since = written.at if written else kept.made_at
    return kept.request.parts.filter(decided_at__gt=since).exists()


@transaction.atomic
def write_letter(*, request_id: UUID, text: str, at: datetime, actor: Actor) -> RequestAnswer:
    """Keep the words of the letter; an approved one becomes a draft again.

    Refuses an empty letter, one that is delivered already, and numbers of identity papers.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise RequestRefused(_("The letter is empty."), "text")
    refuse_identity_papers(words, "text")
    answer = RequestAnswer.objects.filter(request=request).first()
    if answer is not None and answer.state in (State.DELIVERED, State.GONE):
        raise RequestRefused(_("This letter was delivered already."), "text")
    answer = answer or RequestAnswer(request=request, made_at=at)
    answer.language, answer.text = request.language, words[:LONGEST]
    answer.state, answer.approved_at, answer.approved_by = State.DRAFT, None, None
    answer.save()
    note(request, "letter-written", at=at, actor=actor)
    return answer


@transaction.atomic
def approve_letter(*, request_id: UUID, at: datetime, actor: Actor) -> RequestAnswer:
    """Somebody of the staff stands for this letter.

    Refuses while something is undecided, and a no that does not say where to complain (art. 12(4)).
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    answer = RequestAnswer.objects.filter(request=request).first()
    if answer is None or answer.state != State.DRAFT:
        raise RequestRefused(_("There is no draft to approve."))
    left = [each for each in open_parts(request) if each not in LATER]
    if left and request.subject_id is not None:
        names = ", ".join(str(RightsRequest.Kind(each).label) for each in sorted(left))
        raise RequestRefused(_("First decide about: %(what)s.") % {"what": names})
    if _is_behind(answer):
        raise RequestRefused(
            _("Something was decided after this letter was written. Read it once more.")
        )
    if lacks_way_out(request, subject_of(request), answer.text):
        raise RequestRefused(
            _(
                "This letter says no. Then it must say that the person can complain to the "
                "Autoriteit Persoonsgegevens, and go to court (art. 12(4) GDPR)."
            ),
            "text",
        )
    answer.state, answer.approved_at, answer.approved_by = State.APPROVED, at, actor.id
    answer.save(update_fields=["state", "approved_at", "approved_by"])
    note(request, "letter-approved", at=at, actor=actor)
    return answer


def deliver(*, request_id: UUID, way: str, at: datetime, actor: Actor) -> RequestAnswer:
    """Deliver an approved answer: by link, as a mail without data, or on paper.

    The file is made first, and named by its row in the end: who is cut off in between, or finds
    the disk full, leaves nothing half. Refuses what is not approved, and a way that cannot be.
    """
    request = RightsRequest.objects.get(id=request_id)
    answer = RequestAnswer.objects.filter(request=request).first()
    if answer is None or answer.state != State.APPROVED:
        raise RequestRefused(_("Approve the letter first."))
    granted = _granted(request)
    sealed, file_id, size = None, None, 0
    if way == Way.LINK:
        sealed, file_id, size = _seal(request, answer.text, granted, at=at)
    elif request.subject_id and granted & set(DATA) and way == Way.MAIL:
        raise RequestRefused(_("Data never goes in a mail. Choose the link."))
    try:
        with transaction.atomic():
            return _delivered(request_id, way, sealed, file_id, size, at=at, actor=actor)
    except BaseException:
        if sealed is not None:
            (Path(settings.DATA_DIR) / sealed.path).unlink(missing_ok=True)
        raise


def _granted(request: RightsRequest) -> set[str]:
    """The kinds of this request that were not refused."""
    return set(
        request.parts.exclude(state=RequestPart.State.REFUSED).values_list("kind", flat=True)
    )


def _seal(
    request: RightsRequest, text: str, granted: set[str], *, at: datetime
) -> tuple[Sealed, UUID, int]:
    """Make the file and seal it; nothing of it stays when the disk is full."""
    person = subject_of(request)
    if person is None or mailbox_of(request) is None:
        raise RequestRefused(_("We know no mailbox of this person. Choose paper."))
    content = make_bundle(request, person, text, kinds=granted, at=at)
    file_id = uuid7()
    try:
        return seal_file(content, file_id=file_id), file_id, len(content)
    except OSError:
        raise RequestRefused(
            _("The disk is full, so the file could not be made. Nothing was sent.")
        ) from None


def _delivered(
    request_id: UUID,
    way: str,
    sealed: Sealed | None,
    file_id: UUID | None,
    size: int,
    *,
    at: datetime,
    actor: Actor,
) -> RequestAnswer:
    """The row names the file, the mail leaves, and what the answer does is done."""
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    answer = RequestAnswer.objects.select_for_update().get(request=request)
    if answer.state != State.APPROVED:  # somebody else pressed at the same moment
        raise RequestRefused(_("This letter was delivered already."))
    answer.state, answer.way, answer.size = State.DELIVERED, way, size
    if sealed is not None:
        answer.file_id, answer.path = file_id, sealed.path
        answer.wrapped_key = sealed.wrapped_key
        answer.expires_at = at + duration("request-answer-term", at.date())
    answer.save()
    _tell(request, answer, at=at)
    note(request, "delivered", at=at, actor=actor, facts={"way": way, "bytes": size})
    trail(request, "request.deliver", at=at, actor=actor)
    kinds = set(DATA) if request.subject_id else None  # of who is unknown nothing is left to do
    finish_parts(request_id=request.id, kinds=kinds, at=at, actor=actor)
    letter_gone(request.id)
    return answer


def _tell(request: RightsRequest, answer: RequestAnswer, *, at: datetime) -> None:
    """Write to the mailbox that we know; to the one that was typed when we know nobody."""
    if answer.way == Way.PAPER:
        return
    point = mailbox_of(request)
    recipient = point.value if point else request.reply_to
    by_link = answer.way == Way.LINK
    if not recipient or (request.subject_id and point is None):
        raise RequestRefused(_("We know no mailbox of this person. Choose paper."))
    is_sent = send(
        request,
        "answer_ready" if by_link else "answer",
        {
            "link": answer_link(request_id=request.id, at=at) if by_link else "",
            "text": answer.text,
            "expires_at": answer.expires_at,
        },
        kind=MessageKind.RIGHTS_REPLY,
        recipient=recipient,
        at=at,
    )
    if not is_sent:
        raise RequestRefused(_("No mail can go to this address. Choose paper."))


@transaction.atomic
def mail_fetch_link(*, request_id: UUID, at: datetime) -> bool:
    """Check the mailbox: a link of an hour to the file, to the address we know; three a day."""
    request = RightsRequest.objects.select_for_update().filter(id=request_id).first()
    point = mailbox_of(request) if request else None
    if request is None or point is None or waiting_answer(request_id, at=at) is None:
        return False
    if request.steps.filter(code="fetch-mailed", at__gt=at - DAY).count() >= MAILS_A_DAY:
        return False
    note(request, "fetch-mailed", at=at, actor=Actor.person())
    return send(
        request,
        "fetch",
        {"link": fetch_link(request_id=request.id, at=at)},
        kind=MessageKind.MAILBOX_CHECK,
        recipient=point.value,
        at=at,
    )


def waiting_answer(request_id: UUID, *, at: datetime) -> RequestAnswer | None:
    """The delivered answer with its file, as long as that is there."""
    return (
        RequestAnswer.objects.filter(
            request_id=request_id, state=State.DELIVERED, expires_at__gt=at
        )
        .exclude(path="")
        .select_related("request")
        .first()
    )


def fetch(answer: RequestAnswer, *, at: datetime) -> bytes | None:
    """The file; noted in the log. None when it is gone."""
    if answer.file_id is None or answer.wrapped_key is None:
        return None
    try:
        content = open_file(answer.path, answer.wrapped_key, file_id=answer.file_id)
    except AttachmentGone:
        return None
    note(answer.request, "answer-fetched", at=at, actor=Actor.person())
    return content


def drop_expired(*, at: datetime) -> int:
    """Let go of the files whose days are over, fetched or not; how many."""
    dropped = 0
    for key in (
        RequestAnswer.objects.filter(expires_at__lte=at)
        .exclude(path="")
        .values_list("request_id", flat=True)
    ):
        with transaction.atomic():
            answer = RequestAnswer.objects.select_for_update().get(request_id=key)
            if not answer.path:
                continue
            target = Path(settings.DATA_DIR) / answer.path
            answer.path, answer.wrapped_key, answer.file_id = "", None, None
            if answer.approved_at:  # a draft stays one, without the file that it had
                answer.state = State.GONE
            answer.save(update_fields=["path", "wrapped_key", "file_id", "state"])
            note(answer.request, "file-gone", at=at, actor=Actor.system())
            transaction.on_commit(partial(target.unlink, missing_ok=True))
        dropped += 1
    return dropped


def content_for_export(request_id: UUID) -> tuple[str, bytes]:
    """The file of an answer, opened; empty when it is gone. An export does not take it along: it
    is a copy of what the export holds anyway."""
    answer = RequestAnswer.objects.get(request_id=request_id)
    if not answer.path or answer.file_id is None or answer.wrapped_key is None:
        return "application/zip", b""
    try:
        content = open_file(answer.path, answer.wrapped_key, file_id=answer.file_id)
    except AttachmentGone:
        content = b""
    return "application/zip", content
