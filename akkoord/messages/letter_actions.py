"""Verbs of letters on paper: download, make anew, throw away, say that they were handed over.

Paper cannot be called back. So the gate is asked once more before a file leaves Akkoord, and again
when somebody says that it was handed over (INV-25).
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.consent.letter_codes import drop_codes
from akkoord.datamap.attachments import AttachmentGone
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.dispatch import (
    DispatchRefused,
    cancel_dispatch,
    defer_run,
)
from akkoord.messages.letter_erase import unmake
from akkoord.messages.letter_making import PARTS, address_values, content_of, drop_cancelled
from akkoord.messages.letter_models import LetterFile, LetterPage, LetterRun
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import judged_sql
from akkoord.register.actions import RegisterRefused
from akkoord.register.processors import enter_print_house
from akkoord.trail.actions import Actor, record_change
from akkoord.web.sheets import safe_cell

_STALE = """
SELECT p.number, m.id, j.reason FROM messages_message m
  JOIN messages_letterpage p ON p.message_id = m.id
  LEFT JOIN ({judged}) AS j ON j.id = m.contact_point_id
 WHERE m.dispatch_id = %s AND m.state = 'made' AND coalesce(j.reason, 'person-gone') <> ''
 ORDER BY p.number
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A letter in the file that may not go any more: its number on the paper, and why."""

    number: int
    message_id: UUID
    reason: Reason


def stopped_since(run: Dispatch, *, at: datetime) -> list[Stopped]:
    """Letters that were made, and that the gate refuses today; in one statement."""
    judged, parameters = judged_sql(run.purpose, Channel.POST, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_STALE.format(judged=judged), [*parameters, run.id])
        rows = cursor.fetchall()
    gone = Reason.PERSON_GONE
    return [
        Stopped(number, key, Reason(reason) if reason else gone) for number, key, reason in rows
    ]


@dataclass(frozen=True, slots=True)
class Printer:
    """Who prints: we ourselves (no name), or a company with a contract."""

    name: str = ""
    has_contract: bool = False


@transaction.atomic
def download_letters(*, run_id: UUID, printer: Printer, at: datetime, actor: Actor) -> bytes:
    """The PDF, for who prints it; who took it, when and for whom stands in the trail.

    Refuses a file that is not ready, one in which somebody stands who stopped since, and a company
    without a contract (INV-25, INV-42).
    """
    run = _ready(run_id)
    _demand_fresh(run, at=at)
    try:
        content = content_of(LetterFile.objects.get(run=run, is_whole=True))
    except (LetterFile.DoesNotExist, AttachmentGone):
        raise DispatchRefused("file-gone", _("The file is not there. Make it anew.")) from None
    _note_printer(run, printer, "letters.download", at=at, actor=actor)
    return content


@transaction.atomic
def download_addresses(*, run_id: UUID, printer: Printer, at: datetime, actor: Actor) -> str:
    """The addresses of the file as CSV, by the number on the letter; refuses as above."""
    run = _ready(run_id)
    _demand_fresh(run, at=at)
    _note_printer(run, printer, "letters.download-addresses", at=at, actor=actor)
    pages = dict(
        Message.objects.filter(dispatch=run, state=Message.State.MADE).values_list(
            "contact_point_id", "id"
        )
    )
    numbers = dict(LetterPage.objects.filter(run=run).values_list("message_id", "number"))
    names = ("to_given_name", "to_family_name", *(f"to_{part}" for part in PARTS))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    head = ("nummer", "voornaam", "achternaam", "straat", "huisnummer")
    writer.writerow([*head, "postcode", "plaats", "land"])
    points = ContactPoint.objects.filter(id__in=[*filter(None, pages)]).annotate(**address_values())
    rows = [(numbers[pages[point]], *values) for point, *values in points.values_list("id", *names)]
    for number, *values in sorted(rows):
        writer.writerow([f"{number:05d}", *(safe_cell(str(each or "")) for each in values)])
    return "\ufeff" + out.getvalue()


def _ready(run_id: UUID) -> Dispatch:
    run = Dispatch.objects.select_for_update(of=("self",)).select_related("purpose").get(id=run_id)
    if run.channel != Channel.POST or run.state != Dispatch.State.READY:
        raise DispatchRefused("not-ready", _("These letters are not ready to print."))
    return run


def _demand_fresh(run: Dispatch, *, at: datetime) -> None:
    if stopped := stopped_since(run, at=at):
        sentence = ngettext(
            "{n} person in this file stopped since it was made. Make it anew.",
            "{n} people in this file stopped since it was made. Make it anew.",
            len(stopped),
        )
        raise DispatchRefused("stopped-since", sentence.format(n=len(stopped)))


def _note_printer(
    run: Dispatch, printer: Printer, action: str, *, at: datetime, actor: Actor
) -> None:
    chosen = LetterRun.objects.select_for_update().get(run=run)
    if printer.name.strip():
        try:
            chosen.printer = enter_print_house(
                name=printer.name,
                activity_key=run.purpose.activity_key,
                has_contract=printer.has_contract,
                at=at,
                actor=actor,
            )
        except RegisterRefused as refusal:
            raise DispatchRefused("no-processor-contract", refusal.sentence) from None
    chosen.downloads += 1
    chosen.downloaded_at = at
    chosen.save(update_fields=["printer", "downloads", "downloaded_at"])
    _note(run.id, action, at=at, actor=actor)


@transaction.atomic
def make_anew(*, run_id: UUID, at: datetime, actor: Actor) -> int:
    """Throw the file away and make it again, without who stopped meanwhile; how many letters."""
    _ready(run_id)
    count = unmake(run_id)
    defer_run(run_id)
    _note(run_id, "letters.make-anew", at=at, actor=actor)
    return count


@transaction.atomic
def throw_away(*, run_id: UUID, at: datetime, actor: Actor) -> None:
    """No letter goes: the file is thrown away, and everybody in it is counted as not sent."""
    run = Dispatch.objects.select_for_update().get(id=run_id)
    if run.channel != Channel.POST or run.state == Dispatch.State.FINISHED:
        raise DispatchRefused("not-ready", _("These letters are not ready to print."))
    cancel_dispatch(dispatch_id=run_id, at=at, by=actor.id)
    drop_cancelled(run_id, at=at)
    _note(run_id, "letters.throw-away", at=at, actor=actor)


@transaction.atomic
def hand_over_letters(*, run_id: UUID, took_out: bool, at: datetime, actor: Actor) -> int:
    """They were printed and given to the post; how many count as sent.

    Refuses what nobody downloaded, and letters of people who stopped since, until somebody says
    that those numbers were taken out of the pile; these do not count as sent (INV-25).
    """
    run = _ready(run_id)
    chosen = LetterRun.objects.select_for_update().get(run=run)
    if chosen.downloaded_at is None:
        raise DispatchRefused("not-printed", _("Nobody downloaded the file yet."))
    stopped = stopped_since(run, at=at)
    if stopped and not took_out:
        numbers = ", ".join(f"{each.number:05d}" for each in stopped[:20])
        raise DispatchRefused(
            "take-out",
            _("Take these letters out of the pile first, these people stopped: %(numbers)s")
            % {"numbers": numbers},
        )
    for each in stopped:
        Message.objects.filter(id=each.message_id).update(
            state=Message.State.SKIPPED, reason=each.reason, evidence_id=None, outcome_at=at
        )
    drop_codes(each.message_id for each in stopped)
    count = Message.objects.filter(dispatch=run, state=Message.State.MADE).update(
        state=Message.State.SENT, outcome_at=at, outcome_code="handed-over"
    )
    Dispatch.objects.filter(id=run.id).update(state=Dispatch.State.FINISHED, ended_at=at)
    chosen.handed_over_at, chosen.handed_over_by = at, actor.id
    chosen.save(update_fields=["handed_over_at", "handed_over_by"])
    # A misprint can be mended for a little while yet; then the addresses go.
    LetterFile.objects.filter(run=run).update(goes_on=(at + timedelta(days=7)).date())
    _note(run.id, "letters.hand-over", at=at, actor=actor)
    return count


def _note(run_id: UUID, action: str, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor, action=action, object_kind="dispatch", object_id=run_id, fields=(), at=at
    )
