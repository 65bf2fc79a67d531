"""What this room adds elsewhere: letters in a person's timeline, runs in the progress strip."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from akkoord.consent.rhythm import last_sent_by
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.messages import life as life  # names its groups
from akkoord.messages.joined import lock_runs, once_is_enough, refuse_while_writing, wait_again
from akkoord.messages.measured import hits_of
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import (
    DispatchFigures,
    bought_on,
    dispatch_figures,
    last_sent_at,
    messages_of,
    running_dispatches,
)
from akkoord.messages.service_fields import AGREEMENT
from akkoord.messages.template import without_values
from akkoord.people.joining_steps import JoinStep, add_join_step
from akkoord.people.page import TimelineEntry, add_timeline_source
from akkoord.permission.sentences import sentence_of
from akkoord.web.strips import Strip, running_work

_ICONS = {"sent": "mail", "skipped": "circle-x", "failed": "alert-triangle"}


def _timeline(person_ids: Sequence[UUID], limit: int) -> list[TimelineEntry]:
    """Every letter that went to somebody, or did not and why."""
    found = list(messages_of(person_ids, limit))
    bought = bought_on(found)
    return [
        TimelineEntry(
            at=message.outcome_at or message.due_at,
            icon=_ICONS.get(message.state, "clock"),
            title=_title(message),
            detail=_detail(message, bought),
            kind="good" if message.state == Message.State.SENT else "",
        )
        for message in found
    ]


def _read(person_ids: Sequence[UUID], limit: int) -> list[TimelineEntry]:
    """What somebody opened and pressed, while they let us see it."""
    return [
        TimelineEntry(
            at=hit.at,
            icon="mail-opened" if hit.link is None else "target",
            title=(_("Opened: %(subject)s") if hit.link is None else _("Pressed in: %(subject)s"))
            % {"subject": without_values(str(hit.dispatch.template.get("subject", "")))},
            detail=hit.link.url if hit.link else "",
        )
        for hit in hits_of(person_ids, at=timezone.now(), limit=limit)
    ]


def _title(message: Message) -> str:
    subject = without_values(str(message.dispatch.template.get("subject", "")))
    if message.dispatch.kind == MessageKind.SERVICE:
        return _service_title(message, subject)
    if message.dispatch.kind == MessageKind.BREACH_LETTER:
        return _leak_title(message, subject)
    words = {
        Message.State.SENT: _("Letter sent: %(subject)s"),
        Message.State.SKIPPED: _("Letter not sent: %(subject)s"),
        Message.State.FAILED: _("Letter did not arrive: %(subject)s"),
        Message.State.UNCERTAIN: _("Letter perhaps sent: %(subject)s"),
    }
    return words.get(Message.State(message.state), _("Letter waits: %(subject)s")) % {
        "subject": subject
    }


def _service_title(message: Message, subject: str) -> str:
    if message.dispatch.template.get("about") == AGREEMENT:
        return _agreement_title(message, subject)
    words = {
        Message.State.SENT: _("Message about a purchase sent: %(subject)s"),
        Message.State.SKIPPED: _("Message about a purchase not sent: %(subject)s"),
        Message.State.FAILED: _("Message about a purchase did not arrive: %(subject)s"),
        Message.State.UNCERTAIN: _("Message about a purchase perhaps sent: %(subject)s"),
    }
    state = Message.State(message.state)
    return words.get(state, _("Message about a purchase waits: %(subject)s")) % {"subject": subject}


def _agreement_title(message: Message, subject: str) -> str:
    words = {
        Message.State.SENT: _("Message about an agreement sent: %(subject)s"),
        Message.State.SKIPPED: _("Message about an agreement not sent: %(subject)s"),
        Message.State.FAILED: _("Message about an agreement did not arrive: %(subject)s"),
        Message.State.UNCERTAIN: _("Message about an agreement perhaps sent: %(subject)s"),
    }
    state = Message.State(message.state)
    waits = _("Message about an agreement waits: %(subject)s")
    return words.get(state, waits) % {"subject": subject}


def _leak_title(message: Message, subject: str) -> str:
    words = {
        Message.State.SENT: _("Letter about a data leak sent: %(subject)s"),
        Message.State.SKIPPED: _("Letter about a data leak not sent: %(subject)s"),
        Message.State.FAILED: _("Letter about a data leak did not arrive: %(subject)s"),
        Message.State.UNCERTAIN: _("Letter about a data leak perhaps sent: %(subject)s"),
    }
    waits = _("Letter about a data leak waits: %(subject)s")
    return words.get(Message.State(message.state), waits) % {"subject": subject}


def _because(message: Message, bought: Mapping[UUID, date]) -> str:
    """The evidence of a service message, in words; empty: it has none, or it is no longer there."""
    day = bought.get(message.evidence_id) if message.evidence_id else None
    if day is None:
        return ""
    told = {"day": date_format(day, "j F Y")}
    if message.evidence_kind == "agreement":
        return _("Because of what was agreed for %(day)s.") % told
    return _("Because of the purchase of %(day)s.") % told


def _detail(message: Message, bought: Mapping[UUID, date]) -> str:
    if message.state == Message.State.UNCERTAIN:
        return _("It was handed over, but nothing says that it arrived. It is not sent again.")
    if message.reason:
        return sentence_of(Reason(message.reason))
    return _because(message, bought)


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


@running_work("messages")
def _strips() -> list[Strip]:
    """One line per dispatch that is under way or paused."""
    return [_strip(dispatch) for dispatch in running_dispatches()]


def _strip(dispatch: Dispatch) -> Strip:
    figures = dispatch_figures(dispatch.id)
    paused = dispatch.state == Dispatch.State.PAUSED
    return Strip(
        label=without_values(str(dispatch.template.get("subject", ""))),
        done=figures.handled,
        total=0 if figures.is_growing else figures.to_send,
        detail=_how_far(figures),
        state="needs-you"
        if paused and dispatch.pause_reason
        else ("paused" if paused else "running"),
    )


def _how_far(figures: DispatchFigures) -> str:
    if figures.is_growing:
        return _("%(done)s, and the list still grows") % {"done": _number(figures.handled)}
    return _("%(done)s of %(total)s") % {
        "done": _number(figures.handled),
        "total": _number(figures.to_send),
    }


add_timeline_source("messages", _timeline)
add_timeline_source("hits", _read)
last_sent_by(last_sent_at)
add_join_step(
    "messages",
    JoinStep(lock=lock_runs, refuses=refuse_while_writing, before=once_is_enough, undo=wait_again),
)
