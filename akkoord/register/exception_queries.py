"""Reads of exceptions: which fields are open, and which will close (INV-32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from akkoord.law.exception_rules import GROUNDS, ExceptionGround, GroundRule, is_open, reminds
from akkoord.register.exception_words import GROUND_WORDS, KINDS, ROLES
from akkoord.register.models import FieldException


def open_exceptions(on: date) -> QuerySet[FieldException]:
    """The exceptions that are open that day, by the name of their field; one query.

    The day is asked here and nowhere kept: what is past is closed, also when no clean-up ran.
    """
    return (
        FieldException.objects.filter(ended_at=None, since__lte=on, until__gte=on)
        .filter(field__ended_at=None, field__is_special=True)
        .select_related("field", "purpose")
        .order_by("field__name_nl", "field__key")
    )


def open_exception(field_key: str, on: date) -> FieldException | None:
    """The open exception of a field, or None: then nobody reads or writes it."""
    return open_exceptions(on).filter(field__key=field_key).first()


def decided_since(exception: FieldException) -> datetime:
    """Since when the field rests on what it rests on now: through decisions anew that followed at
    once, on the same ground and for the same kind. What was written before rests on another."""
    earlier = FieldException.objects.filter(
        field_id=exception.field_id, ground=exception.ground, kind=exception.kind
    )
    begun = {each.ended_at: each.made_at for each in earlier if each.ended_at and each != exception}
    since: datetime = exception.made_at
    while (before := begun.get(since)) is not None and before < since:
        since = before
    return since


def rule_of(exception: FieldException) -> GroundRule:
    """What its ground asks."""
    return GROUNDS[ExceptionGround(exception.ground)]


def ending_soon(on: date) -> list[FieldException]:
    """Open exceptions of which the owner must decide within the month; one query."""
    return [each for each in open_exceptions(on) if reminds(until=each.until, on=on)]


@dataclass(frozen=True, slots=True)
class ShownException:
    """An exception as the page shows it."""

    exception: FieldException
    kind: str
    ground: str
    article: str
    role: str
    is_open: bool
    ends_soon: bool


def shown_exceptions(on: date) -> list[ShownException]:
    """The newest exception of each field, open ones first; one query."""
    newest = (
        FieldException.objects.select_related("field")
        .order_by("field_id", "-made_at", "-id")
        .distinct("field_id")
    )
    found = [_shown(each, on) for each in newest]
    return sorted(found, key=lambda each: (not each.is_open, each.exception.field.name_nl))


def history_of(field_key: str, on: date) -> Sequence[ShownException]:
    """Every exception that a field ever had, the newest first; one query."""
    found = FieldException.objects.filter(field__key=field_key).select_related("field")
    return [_shown(each, on) for each in found.order_by("-made_at", "-id")]


def _shown(each: FieldException, on: date) -> ShownException:
    is_now = is_open(until=each.until, ended=each.ended_at is not None, on=on)
    return ShownException(
        each,
        str(KINDS[each.kind]),
        str(GROUND_WORDS[each.ground][0]),
        rule_of(each).article,
        str(ROLES[each.seen_by]),
        is_now,
        is_now and reminds(until=each.until, on=on),
    )
