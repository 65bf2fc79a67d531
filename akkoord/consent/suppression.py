"""The list of addresses that may not be used: keyed hashes, for blocking only (INV-4, 5, 40)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from akkoord.consent.models import SignUp, Standing, Suppression
from akkoord.consent.nos import remember_suppression
from akkoord.datamap.prepared import prepared
from akkoord.law.parameters import term_end
from akkoord.law.states import STOP_STATES, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import ActorKind


def suppress(
    *,
    keyed_hash: bytes,
    channel: str,
    reason: str,
    at: datetime,
    actor: Actor,
    scope: str = Suppression.ALL_MARKETING,
) -> Suppression:
    """Let nothing of this scope reach the address; a second time renews it, whatever was lifted.

    A no that is entered late never makes a later one older. No link to a person: it survives an
    erasure, and says nobody's address.
    """
    review = term_end("suppression-review", law_day(at))
    with transaction.atomic():
        entry, is_new = Suppression.objects.select_for_update().get_or_create(
            keyed_hash=keyed_hash,
            channel=channel,
            scope=scope,
            defaults={
                "reason": reason,
                "since": at,
                "review_on": review or law_day(at),
                "by_staff": _staff(actor),
            },
        )
        if not is_new and entry.since <= at:
            entry.reason, entry.since, entry.review_on = reason, at, review or law_day(at)
            entry.by_staff, entry.lifted_for = _staff(actor), []
            entry.save()
        remember_suppression(entry)
        record_change(
            actor=actor,
            action="suppression.add",
            object_kind="suppression",
            at=at,
            fields=(reason,),
        )
    return entry


@dataclass(frozen=True, slots=True)
class ToSuppress:
    """An address that is to be left alone, by its keyed hash: why, by what, and since when."""

    keyed_hash: bytes
    channel: str
    reason: str
    since: datetime
    scope: str = Suppression.ALL_MARKETING

    @property
    def key(self) -> tuple[bytes, str, str]:
        """What the database knows an entry by."""
        return self.keyed_hash, self.channel, self.scope


def suppress_all(entries: Iterable[ToSuppress], *, at: datetime, actor: Actor) -> int:
    """What `suppress` does, for many: as many statements for a thousand as for one; how many.

    In the caller's transaction, with one line in the trail. Of two of the same the later counts.
    """
    wanted = {each.key: each for each in sorted(entries, key=lambda each: each.since)}
    if not wanted:
        return 0
    new = [_entry(each, actor) for each in wanted.values()]
    columns = ("id", "keyed_hash", "channel", "scope", "reason", "since", "review_on")
    values: dict[str, object] = {name: [getattr(each, name) for each in new] for name in columns}
    kept = prepared(_SUPPRESS, values | {"by": _staff(actor)})
    for row in kept:
        remember_suppression(Suppression(**dict(zip(columns[1:], row, strict=True))))
    record_change(
        actor=actor,
        action="suppression.add",
        object_kind="suppression",
        at=at,
        fields=sorted({each.reason for each in wanted.values()}),
    )
    return len(kept)


# A no that is entered late never makes a later one older. In the order of the hashes, so that two
# at once wait for each other and never for ever.
_SUPPRESS = """
INSERT INTO consent_suppression AS s
       (id, keyed_hash, channel, scope, reason, since, review_on, by_staff)
SELECT n.*, %(by)s::uuid
  FROM unnest(%(id)s::uuid[], %(keyed_hash)s::bytea[], %(channel)s::text[], %(scope)s::text[],
              %(reason)s::text[], %(since)s::timestamptz[], %(review_on)s::date[])
       AS n (id, keyed_hash, channel, scope, reason, since, review_on)
 ORDER BY n.keyed_hash, n.channel, n.scope
    ON CONFLICT (keyed_hash, channel, scope) DO UPDATE
   SET reason = CASE WHEN s.since <= EXCLUDED.since THEN EXCLUDED.reason ELSE s.reason END,
       review_on = CASE WHEN s.since <= EXCLUDED.since THEN EXCLUDED.review_on
                        ELSE s.review_on END,
       by_staff = CASE WHEN s.since <= EXCLUDED.since THEN EXCLUDED.by_staff ELSE s.by_staff END,
       lifted_for = CASE WHEN s.since <= EXCLUDED.since THEN '{}' ELSE s.lifted_for END,
       since = greatest(s.since, EXCLUDED.since)
RETURNING keyed_hash, channel, scope, reason, since, review_on
"""


def _entry(asked: ToSuppress, actor: Actor) -> Suppression:
    day = law_day(asked.since)
    return Suppression(
        keyed_hash=asked.keyed_hash,
        channel=asked.channel,
        scope=asked.scope,
        reason=asked.reason,
        since=asked.since,
        review_on=term_end("suppression-review", day) or day,
        by_staff=_staff(actor),
    )


def _staff(actor: Actor) -> UUID | None:
    return actor.id if actor.kind == ActorKind.STAFF else None


def in_the_way(*, keyed_hash: bytes, channel: str, slug: str) -> QuerySet[Suppression]:
    """The entries that stand between an address and a purpose."""
    return Suppression.objects.filter(
        keyed_hash=bytes(keyed_hash),
        channel=channel,
        scope__in=[Suppression.ALL_MARKETING, slug],
    ).exclude(lifted_for__contains=[slug])


def suppressed_since(*, keyed_hash: bytes, channel: str, slug: str) -> datetime | None:
    """Since when the address may not be used for this purpose; None: it is not suppressed."""
    found: datetime | None = in_the_way(
        keyed_hash=keyed_hash, channel=channel, slug=slug
    ).aggregate(last=Max("since"))["last"]
    return found


def lift_for(
    *, keyed_hash: bytes, channel: str, purpose_ids: list[UUID], acted_at: datetime, at: datetime
) -> int:
    """Lift what stands in the way of these purposes, after the person's own later act (INV-5).

    A yes to one topic is no yes to the others, nor to topics that do not exist yet: a suppression
    of all marketing stays, and makes an exception for these. Entries that are not older than the
    act stay as they are. How many were lifted.
    """
    slugs = sorted(Purpose.objects.filter(id__in=purpose_ids).values_list("slug", flat=True))
    with transaction.atomic():
        entries = [
            entry
            for entry in Suppression.objects.select_for_update().filter(
                keyed_hash=bytes(keyed_hash),
                channel=channel,
                scope__in=[Suppression.ALL_MARKETING, *slugs],
                since__lt=acted_at,
            )
            if not set(slugs) <= set(entry.lifted_for)
        ]
        for entry in entries:
            if entry.scope == Suppression.ALL_MARKETING:
                entry.lifted_for = sorted({*entry.lifted_for, *slugs})
                entry.save(update_fields=["lifted_for"])
            else:
                entry.delete()
        if entries:
            record_change(
                actor=Actor.person(),
                action="suppression.lift",
                object_kind="suppression",
                at=at,
            )
    return len(entries)


def keep_the_nos(points: Sequence[ContactPoint], *, at: datetime, actor: Actor) -> int:
    """Keep each no of people who are about to go, of whom these are all addresses, by the keyed
    hash of the address (INV-5, 40).

    Per topic, since the day it was said; all marketing where they objected. Otherwise a file would
    bring them back as if they had never said anything. How many nos.
    """
    others = others_addresses(points)
    nos = Standing.objects.filter(
        contact_point__in=[
            each for each in points if (each.channel, each.normalised) not in others
        ],
        state__in=STOP_STATES,
    ).select_related("contact_point", "purpose")
    kept = []
    for each in nos:
        is_objection = each.state == PermissionState.OBJECTED
        kept.append(
            ToSuppress(
                keyed_hash=bytes(each.contact_point.keyed_hash),
                channel=each.channel,
                reason="objection" if is_objection else "withdrawal",
                scope=Suppression.ALL_MARKETING if is_objection else each.purpose.slug,
                since=each.since,
            )
        )
    suppress_all(kept, at=at, actor=actor)
    return len(nos)


def others_addresses(points: Iterable[ContactPoint]) -> set[tuple[str, str]]:
    """Of these addresses, those that are or may be somebody else's: channel and value.

    An ended address that lives on with another person, and a new one whose mailbox did not answer
    yet (it may be mistyped). Nobody there said no; nothing of these people's may fall on them.
    """
    points = list(points)
    unanswered = {
        (each.channel, each.normalised)
        for each in points
        if each.source == SignUp.ADDRESS_CHANGE and each.verified_at is None
    }
    ended = [each for each in points if each.ended_at is not None]
    living = ContactPoint.objects.filter(
        normalised__in={each.normalised for each in ended}, ended_at=None
    ).exclude(person_id__in={each.person_id for each in ended})
    answered = {(each.channel, each.normalised) for each in points if each.verified_at is not None}
    return (unanswered - answered) | set(living.values_list("channel", "normalised"))
