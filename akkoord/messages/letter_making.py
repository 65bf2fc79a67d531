"""Make the letters of a run: take people, ask the gate, set their pages, seal them.

Part by part, each one transaction, so that memory stays flat, and a worker may be killed at any
point: nobody stands in the file twice, and nobody is lost.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Subquery
from django.db.models.expressions import F

from akkoord.consent.letter_codes import Lettered, make_codes, shown
from akkoord.consent.tokens import withdrawal_link
from akkoord.datamap.attachments import open_file, seal_file
from akkoord.datamap.ids import uuid7
from akkoord.law.parameters import duration
from akkoord.law.terms import law_day
from akkoord.messages import claims, closing
from akkoord.messages.asking import Asking, Place
from akkoord.messages.claims import Going
from akkoord.messages.dispatch import DispatchRefused, compile_letter_for, pause_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.groups import GroupRefused
from akkoord.messages.letter import CompiledLetter, LetterSource
from akkoord.messages.letter_erase import cancel_made, remove_files
from akkoord.messages.letter_models import LetterFile, LetterPage, LetterRun
from akkoord.messages.letter_pdf import OneLetter, address_lines, joined, make_pdf, pages_of
from akkoord.messages.liveness import seen_alive
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.template import CompileError
from akkoord.permission.post import addresses_of_points
from akkoord.web.documents import TypesettingFailed

TOGETHER = 100  # letters in one part
PARTS = ("street", "house_number", "postcode", "city", "country")
NAMES = ("given_name", "family_name")
_EVIDENCE = """
UPDATE messages_message m SET evidence_kind = 'balancing-test'
 WHERE m.id = ANY(%s) AND EXISTS (SELECT FROM register_balancingtest b WHERE b.id = m.evidence_id)
RETURNING m.id
"""
_START: Place = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


class LostClaim(Exception):
    """Another worker took these letters meanwhile; nothing was written."""


def address_values() -> dict[str, F | Subquery]:
    """What stands on the envelope, as expressions over a contact point."""
    found = addresses_of_points()
    values: dict[str, F | Subquery] = {
        f"to_{part}": Subquery(found.values(part)[:1]) for part in PARTS
    }
    return values | {f"to_{name}": F(f"person__{name}") for name in NAMES}


def lines_of(values: dict[str, str]) -> list[str]:
    """The lines in the window for one person."""
    return address_lines(
        name=f"{values['to_given_name']} {values['to_family_name']}".strip(),
        **{part: values[f"to_{part}"] for part in PARTS},
    )


def make_letters(
    dispatch: Dispatch, *, worker_id: UUID, until: Callable[[], bool], clock: Callable[[], datetime]
) -> datetime | None:
    """Work at a run of letters; when there is more to do: the moment. None: it is all made.

    What is wrong with the letter itself pauses the run with that reason.
    """
    try:
        compiled = compile_letter_for(dispatch.purpose, LetterSource.from_json(dispatch.template))
        if compiled.content_hash != dispatch.content_hash:
            raise DispatchRefused("content-changed", "")
    except (CompileError, DispatchRefused, GroupRefused) as problem:
        pause_dispatch(dispatch_id=dispatch.id, at=clock(), reason=problem.code)
        return None
    with seen_alive(worker_id):
        if not fan_out(dispatch.id, clock=clock, until=until):
            return clock()
        run = LetterRun.objects.select_related("run").get(run=dispatch)
        asking = Asking.prepare_letters(
            dispatch, sorted(compiled.slots), compiled.source.language, address_values()
        )
        while not until():
            taken = claims.take(
                asking,
                worker_id=worker_id,
                after=_START,
                limit=TOGETHER,
                at=clock(),
            )
            if not taken.decided:
                return _bind(dispatch.id, at=clock())
            if taken.going:
                try:
                    _make_part(run, compiled, taken.going, worker_id=worker_id, at=clock())
                except (LostClaim, TypesettingFailed) as problem:
                    claims.give_back(
                        taken.going, worker_id=worker_id, purpose_id=dispatch.purpose_id
                    )
                    if isinstance(problem, TypesettingFailed):  # it would fail again at once
                        pause_dispatch(dispatch_id=dispatch.id, at=clock(), reason="typesetting")
                        return None
    return clock()


def _make_part(
    run: LetterRun,
    compiled: CompiledLetter,
    going: Sequence[Going],
    *,
    worker_id: UUID,
    at: datetime,
) -> None:
    """Number some letters, set them, seal them; between its two transactions nothing is locked.

    Raises LostClaim when another worker, or an erasure, came between.
    """
    reserved = _reserve(run, going, worker_id=worker_id, at=at)
    letters = [
        OneLetter(
            address=lines_of(each.values),
            values=each.values,
            code=shown(reserved.codes[each.id]),
            stop_url=withdrawal_link(
                point_id=each.point_id, purpose_id=run.run.purpose_id, message_id=each.id
            ),
            by_interest=each.id in reserved.by_interest,
            number=f"{reserved.first + number:05d}",
        )
        for number, each in enumerate(going)
    ]
    pdf = make_pdf(compiled, letters, on=run.dated_on)
    _write_down(run.run_id, pdf, going, worker_id=worker_id, at=at)


@dataclass(frozen=True, slots=True)
class _Reserved:
    codes: Mapping[UUID, str]
    first: int
    by_interest: set[UUID]


@transaction.atomic
def _reserve(run: LetterRun, going: Sequence[Going], *, worker_id: UUID, at: datetime) -> _Reserved:
    """Codes and numbers for these letters; one worker at a time numbers a run."""
    Dispatch.objects.select_for_update().get(id=run.run_id)
    ids = [each.id for each in going]
    _demand_claim(ids, worker_id)
    LetterPage.objects.filter(message_id__in=ids).delete()  # of a worker that was killed
    last = LetterPage.objects.filter(run_id=run.run_id).aggregate(last=Max("number"))["last"] or 0
    lettered = [Lettered(each.id, _known(each.person_id), each.point_id) for each in going]
    codes = make_codes(lettered, purpose_id=run.run.purpose_id, at=at)
    LetterPage.objects.bulk_create(
        [
            LetterPage(
                run_id=run.run_id,
                person_id=_known(each.person_id),
                message_id=each.id,
                number=last + 1 + number,
            )
            for number, each in enumerate(going)
        ]
    )
    return _Reserved(codes, last + 1, _note_evidence(ids))


@transaction.atomic
def _write_down(
    run_id: UUID, pdf: bytes, going: Sequence[Going], *, worker_id: UUID, at: datetime
) -> None:
    """The part and its letters, together or not at all."""
    Dispatch.objects.select_for_update().get(id=run_id)
    ids = [each.id for each in going]
    _demand_claim(ids, worker_id)
    if LetterPage.objects.filter(message_id__in=ids).count() != len(ids):
        raise LostClaim  # somebody in it was forgotten a moment ago
    place = LetterFile.objects.filter(run_id=run_id).count()
    keep_file(run_id, pdf, letters=len(ids), place=place, at=at)
    Message.objects.filter(id__in=ids).update(
        state=Message.State.MADE, claimed_at=None, claimed_by=None
    )


def _demand_claim(ids: Sequence[UUID], worker_id: UUID) -> None:
    held = Message.objects.filter(
        id__in=ids, claimed_by=worker_id, state=Message.State.CLAIMED
    ).select_for_update(no_key=True)
    if len(held.values_list("id", flat=True)) != len(ids):
        raise LostClaim


def _known(person_id: UUID | None) -> UUID:
    if person_id is None:
        raise LostClaim
    return person_id


def _note_evidence(ids: Sequence[UUID]) -> set[UUID]:
    """Say of letters that rest on a balancing test that this is their evidence (INV-19)."""
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def keep_file(
    run_id: UUID, pdf: bytes, *, letters: int, place: int, at: datetime, is_whole: bool = False
) -> LetterFile:
    """Seal a PDF; in the caller's transaction."""
    file_id = uuid7()
    sealed = seal_file(pdf, file_id=file_id)
    day = law_day(at)
    return LetterFile.objects.create(
        id=file_id,
        run_id=run_id,
        place=place,
        is_whole=is_whole,
        letters=letters,
        pages=pages_of(pdf),
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        path=sealed.path,
        wrapped_key=sealed.wrapped_key,
        made_at=at,
        goes_on=day + duration("letter-file-term", day),
    )


def content_of(file: LetterFile) -> bytes:
    """The PDF of a file. Raises AttachmentGone."""
    return open_file(file.path, file.wrapped_key, file_id=file.id)


@transaction.atomic
def _bind(run_id: UUID, *, at: datetime) -> datetime | None:
    """Join the parts to one file when nothing is left to make; else when to look again."""
    run = Dispatch.objects.select_for_update().get(id=run_id)
    if run.state != Dispatch.State.RUNNING:
        return None
    open_ones = [Message.State.DUE, Message.State.CLAIMED]
    if Message.objects.filter(dispatch_id=run_id, state__in=open_ones).exists():
        return closing.next_due(run_id)
    parts = list(LetterFile.objects.filter(run_id=run_id).order_by("is_whole", "place"))
    if not parts:
        run.state, run.ended_at = Dispatch.State.FINISHED, at
        run.save(update_fields=["state", "ended_at"])
        return None
    count = sum(each.letters for each in parts)
    # The numbers on the pages run through in the order in which the parts were made.
    whole = joined(content_of(each) for each in sorted(parts, key=lambda each: each.made_at))
    remove_files(run_id)
    keep_file(run_id, whole, letters=count, place=0, at=at, is_whole=True)
    run.state = Dispatch.State.READY
    run.save(update_fields=["state"])
    return None


@transaction.atomic
def drop_cancelled(run_id: UUID, *, at: datetime) -> None:
    """A run that was stopped: its file goes, and nobody in it gets a letter."""
    remove_files(run_id)
    LetterPage.objects.filter(run_id=run_id).delete()
    cancel_made(run_id, at=at)
