"""Exact texts: a notice is found by its hash or made once, and never changed (INV-7)."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.consent.models import CollectionPoint, Form, Notice
from akkoord.law.terms import law_day
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor, record_change


class WordingRefused(Exception):
    """A declaration that cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def hash_text(text: str) -> str:
    """The SHA-256 of an exact text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_snapshot(snapshot: dict[str, Any]) -> str:
    """The SHA-256 of what was on the screen, in hex; the order of keys does not matter."""
    plain = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hash_text(plain)


def keep_notice(*, kind: str, language: str, text: str, at: datetime) -> Notice:
    """The notice with exactly this text, made when there is none."""
    digest = hash_text(text)
    known = Notice.objects.filter(
        sha256=digest, kind=kind, language=language, is_declared=False
    ).first()
    if known is not None:
        return known
    number = Notice.objects.filter(kind=kind, language=language, is_declared=False).count() + 1
    return Notice.objects.create(
        kind=kind, language=language, version=number, text=text, sha256=digest, created_at=at
    )


@transaction.atomic
def declare_wording(
    *,
    text: str,
    source: str,
    actor: Actor,
    at: datetime,
    language: str = "nl",
    first_day: date | None = None,
    last_day: date | None = None,
) -> Notice:
    """The words that people agreed to before Akkoord, declared by a named member of staff (INV-7).

    For one source and period; always shown as declared. Refuses an empty text or source, a period
    that runs backwards or ahead, and a declaration by anybody but staff. The same declaration
    twice is one.
    """
    if actor.id is None:
        raise WordingRefused("text", _("Somebody must answer for these words: log in first."))
    if not text.strip():
        raise WordingRefused("text", _("Enter the exact words that people agreed to."))
    if not source.strip():
        raise WordingRefused("source", _("Say where these people signed up."))
    if first_day and last_day and last_day < first_day:
        raise WordingRefused("last_day", _("The last day lies before the first."))
    if first_day and first_day > law_day(at):
        raise WordingRefused("first_day", _("This day is still to come."))
    digest = hash_text(text)
    known = Notice.objects.filter(
        sha256=digest,
        is_declared=True,
        declared_for=source.strip(),
        declared_from=first_day,
        declared_to=last_day,
        language=language,
    ).first()
    if known is not None:
        return known
    notice = Notice.objects.create(
        kind="declared",
        language=language,
        text=text,
        sha256=digest,
        is_declared=True,
        declared_for=source.strip(),
        declared_from=first_day,
        declared_to=last_day,
        declared_by=actor.id,
        created_at=at,
    )
    record_change(
        actor=actor,
        action="wording.declare",
        object_kind="notice",
        object_id=notice.id,
        fields=("text", "source", "period"),
        at=at,
    )
    return notice


def keep_collection_point(
    *,
    kind: str,
    language: str,
    snapshot: dict[str, Any],
    notice: Notice,
    versions: list[PurposeVersion],
    at: datetime,
    form: Form | None = None,
) -> CollectionPoint:
    """What was shown, frozen: found by its hash, or made with the next version number.

    The writers of one kind (or form) wait for each other, so a version is given out once.
    """
    digest = hash_snapshot(snapshot)
    ids = [version.id for version in versions]
    with transaction.atomic():
        _wait_turn(f"consent-shown:{form.id if form else kind}:{language}")
        same = CollectionPoint.objects.filter(kind=kind, form=form, language=language)
        latest = same.order_by("-version").first()
        current = latest if latest is not None and latest.ended_at is None else None
        # The same words for another topic are another thing that was shown.
        if current and (current.sha256, current.purpose_version_ids) == (digest, ids):
            return current
        same.filter(ended_at=None).update(ended_at=at)
        return CollectionPoint.objects.create(
            kind=kind,
            form=form,
            version=latest.version + 1 if latest else 1,
            language=language,
            snapshot=snapshot,
            sha256=digest,
            notice=notice,
            purpose_version_ids=ids,
            published_at=at,
        )


def _wait_turn(name: str) -> None:
    """Take a lock by name until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
