"""The list of addresses that may not be used: keyed hashes, for blocking only (INV-4, 5, 40)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from akkoord.consent.models import Suppression
from akkoord.law.parameters import term_end
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
    """Let nothing of this scope reach the address; a second time only renews it.

    No link to a person: it survives an erasure, and says nobody's address.
    """
    review = term_end("suppression-review", at.date())
    with transaction.atomic():
        entry, _created = Suppression.objects.update_or_create(
            keyed_hash=keyed_hash,
            channel=channel,
            scope=scope,
            defaults={
                "reason": reason,
                "since": at,
                "review_on": review or at.date(),
                "by_staff": actor.id if actor.kind == ActorKind.STAFF else None,
            },
        )
        record_change(
            actor=actor,
            action="suppression.add",
            object_kind="suppression",
            at=at,
            fields=(reason,),
        )
    return entry


def suppressed_since(*, keyed_hash: bytes, channel: str, slug: str) -> datetime | None:
    """Since when the address may not be used for this purpose; None: it is not suppressed."""
    found: datetime | None = Suppression.objects.filter(
        keyed_hash=bytes(keyed_hash),
        channel=channel,
        scope__in=[Suppression.ALL_MARKETING, slug],
    ).aggregate(last=Max("since"))["last"]
    return found


def lift_for(
    *, keyed_hash: bytes, channel: str, purpose_ids: list[UUID], acted_at: datetime, at: datetime
) -> int:
    """Lift what stands in the way of these purposes, after the person's own later act (INV-5).

    A yes to one topic is no yes to the others: a suppression of all marketing is narrowed to every
    other purpose. Entries that are not older than the act stay. How many were lifted.
    """
    wanted = set(Purpose.objects.filter(id__in=purpose_ids).values_list("slug", flat=True))
    with transaction.atomic():
        entries = list(
            Suppression.objects.select_for_update().filter(
                keyed_hash=bytes(keyed_hash),
                channel=channel,
                scope__in=[Suppression.ALL_MARKETING, *wanted],
                since__lt=acted_at,
            )
        )
        for entry in entries:
            if entry.scope == Suppression.ALL_MARKETING:
                _narrow(entry, wanted)
        Suppression.objects.filter(id__in=[entry.id for entry in entries]).delete()
        if entries:
            record_change(
                actor=Actor.person(),
                action="suppression.lift",
                object_kind="suppression",
                at=at,
            )
    return len(entries)


def _narrow(entry: Suppression, wanted: set[str]) -> None:
    """Put the other purposes in place of all marketing, from the same day."""
    others = Purpose.objects.exclude(slug__in=wanted).values_list("slug", flat=True)
    Suppression.objects.bulk_create(
        [
            Suppression(
                keyed_hash=bytes(entry.keyed_hash),
                channel=entry.channel,
                scope=slug,
                reason=entry.reason,
                since=entry.since,
                review_on=entry.review_on,
                by_staff=entry.by_staff,
            )
            for slug in others
        ],
        ignore_conflicts=True,
    )
