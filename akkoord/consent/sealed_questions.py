"""Words of a question that speak of health, faith or the like: sealed, and read by a press.

Nobody asked for them, and somebody may still need an answer: so the question is not refused. Its
words stand in a file with a key of its own; who reads them stands in the trail (art. 9, 32 GDPR).
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from akkoord.consent.models import Enquiry, SealedQuestion
from akkoord.datamap.attachments import open_file, seal_file
from akkoord.datamap.ids import uuid7
from akkoord.law.sensitive import words_in
from akkoord.trail.actions import Actor, record_change

PLAIN = "text/plain; charset=utf-8"


def is_special(text: str) -> bool:
    """Whether these words give away health, faith or another special category."""
    return bool(words_in(text))


def seal_words(enquiry: Enquiry, text: str, *, at: datetime) -> SealedQuestion:
    """Put the words of this question apart, in the caller's transaction.

    When that fails the file has no key any more, and is swept away.
    """
    key = uuid7()
    sealed = seal_file(text.encode(), file_id=key)
    return SealedQuestion.objects.create(
        id=key,
        person_id=enquiry.person_id,
        enquiry=enquiry,
        path=sealed.path,
        wrapped_key=sealed.wrapped_key,
        sealed_at=at,
    )


def read_words(sealed: SealedQuestion, *, actor: Actor, at: datetime) -> str:
    """The words, for a member of staff who pressed to see them; the trail says who.

    Raises AttachmentGone.
    """
    text = _words(sealed)
    record_change(
        actor=actor,
        action="enquiry.read",
        object_kind="person",
        object_id=sealed.person_id,
        subject_id=sealed.person_id,
        at=at,
    )
    return text


def same_words(sealed: Iterable[SealedQuestion], text: str) -> SealedQuestion | None:
    """Which of these holds the very same words."""
    return next((each for each in sealed if _words(each) == text), None)


def content_for_export(sealed_id: UUID) -> tuple[str, bytes]:
    """Media type and content, for the person's own copy (art. 15(3))."""
    return PLAIN, _words(SealedQuestion.objects.get(id=sealed_id)).encode()


def _words(sealed: SealedQuestion) -> str:
    return open_file(sealed.path, sealed.wrapped_key, file_id=sealed.id).decode()
