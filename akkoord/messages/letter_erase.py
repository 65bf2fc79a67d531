"""Files of letters go: when somebody in one is forgotten, when they are thrown away, in time."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from akkoord.consent.letter_codes import drop_codes
from akkoord.datamap.holds import held_people
from akkoord.datamap.prepared import prepared
from akkoord.law.terms import law_day
from akkoord.messages.letter_models import LetterFile, LetterPage
from akkoord.messages.models import Dispatch, Message


def erase_pages(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """These people's letters, and every file in which one stands; how many rows.

    A file that was not handed over yet is made anew for the others, by the worker.
    """
    gone = prepared(_ERASE, {"people": list(person_ids)})
    if gone:
        Message.objects.filter(
            id__in=[message for _run, message in gone], state=Message.State.MADE
        ).update(state=Message.State.SKIPPED, reason="person-gone", evidence_id=None)
        for each in sorted({run for run, _message in gone}):
            unmake(each)
    return len(gone)


_ERASE = """
DELETE FROM messages_letterpage WHERE person_id = ANY(%(people)s::uuid[])
RETURNING run_id, message_id
"""


def unmake(run_id: UUID) -> int:
    """Drop the files of a run; its letters that were not handed over are made again; how many.

    Runs in the caller's transaction; whoever calls sees to it that a worker takes the run up.
    """
    remove_files(run_id)
    again = Message.objects.filter(dispatch_id=run_id, state=Message.State.MADE)
    drop_codes(again.values_list("id", flat=True))
    LetterPage.objects.filter(run_id=run_id, message_id__in=again.values("id")).delete()
    count = again.update(
        state=Message.State.DUE, evidence_id=None, claimed_at=None, claimed_by=None
    )
    if count:
        Dispatch.objects.filter(id=run_id, state=Dispatch.State.READY).update(
            state=Dispatch.State.RUNNING
        )
    return count


def remove_files(run_id: UUID) -> int:
    """The rows of a run's files, and the files once that is sure; how many."""
    files = LetterFile.objects.filter(run_id=run_id)
    paths = [Path(settings.DATA_DIR) / path for path in files.values_list("path", flat=True)]
    count = files.delete()[0]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)
    return count


@transaction.atomic
def forget_letter_files(*, at: datetime) -> int:
    """Files past their term; who stood in them is no longer kept beside the run; how many.

    What was never handed over is stopped: its letters are old. A file in which somebody stands who
    is held for a legal claim stays: it shows what was written to them.
    """
    held = set(
        LetterPage.objects.filter(person_id__in=held_people()).values_list("run_id", flat=True)
    )
    old = list(
        LetterFile.objects.filter(goes_on__lt=law_day(at))
        .values_list("run_id", flat=True)
        .distinct()
    )
    for run_id in old:
        if run_id not in held:
            remove_files(run_id)
            LetterPage.objects.filter(run_id=run_id).delete()
        cancel_made(run_id, at=at)
        Dispatch.objects.filter(id=run_id, state=Dispatch.State.READY).update(
            state=Dispatch.State.CANCELLED, ended_at=at
        )
    return len(set(old) - held)


def cancel_made(run_id: UUID, *, at: datetime) -> int:
    """Letters that were made and will not be handed over; how many."""
    made = Message.objects.filter(dispatch_id=run_id, state=Message.State.MADE)
    drop_codes(made.values_list("id", flat=True))
    return made.update(
        state=Message.State.SKIPPED,
        reason="campaign-cancelled",
        evidence_id=None,
        outcome_at=at,
    )
