"""Devices for push messages: they come by the person's own act, and go with it.

A subscription is an address of its own (channel `push`), opaque, of a person who may stay without
a name. It is dropped when the person stops the last topic, when the push service says that it is
no more, and with the person (INV-12, 25, 35).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from akkoord.consent import limits
from akkoord.consent.bulk import STAGED_COLUMNS, append_staged_events, create_staging
from akkoord.consent.grants import grant_in_browser
from akkoord.consent.models import CollectionPoint, Standing
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.shown import boxes_of
from akkoord.datamap.holds import held_people
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.push_address import BadEndpoint, read_endpoint
from akkoord.delivery.push_crypto import BadKeys, read_keys
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES, Channel, Method, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Person, PushDevice
from akkoord.register.models import PurposeVersion

PER_NETWORK = limits.PER_NETWORK

# An `expired` event for each yes of these addresses: the browser is no more (index
# consent_one_standing).
_EXPIRE = f"""
INSERT INTO staged_permission_event ({", ".join(STAGED_COLUMNS)})
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY s.id)), s.person_id, s.contact_point_id,
       v.id, s.channel, s.basis, %(state)s, %(at)s, %(at)s, NULL, 'system', NULL, %(method)s,
       NULL, NULL, false, '{{"push": "gone"}}'::jsonb
  FROM consent_standing s
  JOIN register_purposeversion v ON v.purpose_id = s.purpose_id
   AND v.number = s.purpose_version_number
 WHERE s.contact_point_id = ANY(%(points)s) AND s.state = ANY(%(live)s)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser says of itself, checked: raises ConsentRefused for anything unfit."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def read(cls, endpoint: object, p256dh: object, auth: object) -> "Subscription":
        """From untrusted values. Refuses an address inside our own network, and bad keys."""
        try:
            texts = [each if isinstance(each, str) else "" for each in (endpoint, p256dh, auth)]
            address = read_endpoint(texts[0], allow_loopback=settings.PUSH_LOOPBACK)
            return cls(address, *read_keys(texts[1], texts[2]))
        except (BadEndpoint, BadKeys):
            raise ConsentRefused(Reason.BAD_ADDRESS, field="subscription") from None

    @property
    def keyed_hash(self) -> bytes:
        """The keyed hash of the end-point: for the list of addresses that may not be used."""
        return keyed_hash(self.endpoint)


@dataclass(frozen=True, slots=True)
class PushFacts:
    """What a visitor allowed. `version_ids` are the boxes that were ticked."""

    subscription: Subscription
    version_ids: tuple[UUID, ...]
    said_sixteen: bool = False
    browser: str = ""
    ip: str = ""


def allow_push(*, shown: CollectionPoint, facts: PushFacts, at: datetime) -> ContactPoint:
    """Record a yes to push for each ticked topic, and nothing else (INV-9, INV-12).

    The browser asked too, and only it can have made this address: that confirms it (INV-13).
    Refuses (ConsentRefused with the field): no box ticked, a box that was not on the page, a topic
    that ended or does not come as push, "16 or older" not ticked where it is asked, too many at
    once, and a known address with other keys.
    """
    versions = _ticked(shown, facts)
    network = truncate_ip(facts.ip) or ""
    _demand_room(network, at=at)
    with transaction.atomic():
        point = _find_or_make(shown, facts, network, at=at)
        live = set(
            Standing.objects.filter(contact_point=point, state__in=LIVE_STATES).values_list(
                "purpose_id", "purpose_version_number"
            )
        )
        evidence: dict[str, object] = {"browser": facts.browser, "network": network}
        for version in versions:
            if (version.purpose_id, version.number) not in live:
                grant_in_browser(
                    point_id=point.id,
                    version=version,
                    shown=shown,
                    at=at,
                    said_sixteen=facts.said_sixteen,
                    evidence={name: value for name, value in evidence.items() if value},
                )
    return point


def _ticked(shown: CollectionPoint, facts: PushFacts) -> list[PurposeVersion]:
    """The versions that were ticked, checked against what was on the screen."""
    if shown.form is None or shown.form.closed_at is not None:
        raise ConsentRefused(Reason.PURPOSE_ENDED)
    if not facts.version_ids:
        raise ConsentRefused(Reason.NO_AFFIRMATIVE_ACT, field="topics")
    if not set(facts.version_ids) <= boxes_of(shown, Channel.PUSH):
        raise ConsentRefused(Reason.NO_CHOICE, field="topics")
    versions = list(
        PurposeVersion.objects.filter(
            id__in=facts.version_ids,
            purpose__ended_at=None,
            purpose__channels__contains=[Channel.PUSH],
        ).select_related("purpose")
    )
    if not versions:
        raise ConsentRefused(Reason.PURPOSE_ENDED, field="topics")
    if any(version.purpose.asks_age for version in versions) and not facts.said_sixteen:
        raise ConsentRefused(Reason.CHILD_WITHOUT_PARENT, field="sixteen")
    return versions


def _demand_room(network: str, *, at: datetime) -> None:
    """Refuse when too many came from this network, or in all, of late (index people_device_*)."""
    devices = PushDevice.objects.filter(since__gt=at - limits.IN_ALL_TIME)
    if devices[: limits.IN_ALL].count() >= limits.IN_ALL:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
    of_late = PushDevice.objects.filter(network=network, since__gt=at - limits.PER_NETWORK_TIME)
    if network and of_late[:PER_NETWORK].count() >= PER_NETWORK:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)


def _find_or_make(
    shown: CollectionPoint, facts: PushFacts, network: str, *, at: datetime
) -> ContactPoint:
    """The living point of this browser, made with a person without a name when there is none."""
    known = device_of(facts.subscription.endpoint, facts.subscription.auth)
    if known is not None:
        return known.contact_point
    digest = facts.subscription.keyed_hash
    try:
        with transaction.atomic():
            person = Person.objects.create(
                language=shown.language,
                source="push",
                source_ref=shown.id,
                created_at=at,
                updated_at=at,
            )
            point = ContactPoint.objects.create(
                person=person,
                channel=Channel.PUSH,
                value=_name(facts.browser, digest),
                normalised=digest.hex(),
                keyed_hash=digest,
                verified_at=at,
                source="push",
                created_at=at,
            )
            PushDevice.objects.create(
                contact_point=point,
                endpoint=facts.subscription.endpoint,
                p256dh=facts.subscription.p256dh,
                auth=facts.subscription.auth,
                browser=facts.browser,
                network=network,
                since=at,
            )
    except IntegrityError:  # the same browser twice at once, or a stranger with another secret
        known = device_of(facts.subscription.endpoint, facts.subscription.auth)
        if known is None:
            raise ConsentRefused(Reason.BAD_ADDRESS, field="subscription") from None
        return known.contact_point
    return point


def _name(browser: str, digest: bytes) -> str:
    """What staff and the person call the device; its end-point is shown to nobody."""
    return f"{browser or 'Browser'} {digest.hex()[:6]}"


def device_of(endpoint: str, auth: str) -> PushDevice | None:
    """The device with this end-point, for who also knows its secret; None for anybody else."""
    found = (
        PushDevice.objects.select_related("contact_point__person")
        .filter(endpoint=endpoint, contact_point__ended_at=None)
        .first()
    )
    return found if found is not None and compare_digest(found.auth, auth) else None


def device_at(point_id: UUID) -> PushDevice | None:
    """The living device of a contact point, with its person; None: it was dropped."""
    return (
        PushDevice.objects.select_related("contact_point__person")
        .filter(contact_point_id=point_id, contact_point__ended_at=None)
        .first()
    )


def devices_of(person_id: UUID) -> list[PushDevice]:
    """A person's devices for push messages, the newest first."""
    return list(
        PushDevice.objects.select_related("contact_point")
        .filter(contact_point__person_id=person_id, contact_point__ended_at=None)
        .order_by("-since")
    )


def renew_device(*, point_id: UUID, subscription: Subscription, at: datetime) -> bool:
    """The same browser got another end-point (`pushsubscriptionchange`); whether it was taken over.

    A device that was dropped, because the person stopped or objected, stays dropped. An end-point
    that is another device's is refused.
    """
    with transaction.atomic():
        device = (
            PushDevice.objects.select_for_update(of=("self", "contact_point"))
            .select_related("contact_point")
            .filter(contact_point_id=point_id, contact_point__ended_at=None)
            .first()
        )
        if device is None:
            return False
        digest = subscription.keyed_hash
        point = device.contact_point
        try:
            with transaction.atomic():
                device.endpoint, device.p256dh = subscription.endpoint, subscription.p256dh
                device.auth, device.renewed_at = subscription.auth, at
                device.save()
                point.normalised, point.keyed_hash = digest.hex(), digest
                point.value = _name(device.browser, digest)
                point.save(update_fields=["normalised", "keyed_hash", "value"])
        except IntegrityError:
            raise ConsentRefused(Reason.BAD_ADDRESS, field="subscription") from None
    return True


def drop_devices(*, point_ids: Collection[UUID], why: str, at: datetime) -> int:
    """End-points and keys go, the addresses end, and what was agreed to there expires; how many.
    Of who is held for a legal claim the keys stay, unused, until the hold is lifted.

    For what a push service says is no more, for a stop, or at the person's own wish. Whoever came
    by such a device alone is to be judged the same day, and goes (INV-44). A handful of statements,
    however many there are.
    """
    with transaction.atomic():
        points = list(
            ContactPoint.objects.select_for_update(no_key=True)
            .filter(id__in=point_ids, channel=Channel.PUSH, ended_at=None)
            .order_by("id")
            .values_list("id", "person_id")
        )
        if not points:
            return 0
        ids = [point for point, _person in points]
        _expire(ids, at=at)
        of_points = PushDevice.objects.filter(contact_point_id__in=ids)
        of_points.exclude(contact_point__person_id__in=held_people()).delete()
        ContactPoint.objects.filter(id__in=ids).update(ended_at=at, undeliverable_why=why[:60])
        living = ContactPoint.objects.filter(person=OuterRef("id"), ended_at=None)
        Person.objects.filter(
            ~Exists(living),
            id__in=[person for _point, person in points],
            source="push",
            judge_by=None,
            relations=None,
            purchases=None,
        ).update(judge_by=law_day(at))
    return len(ids)


def _expire(ids: list[UUID], *, at: datetime) -> None:
    """An `expired` event for each yes that stood at these addresses."""
    live = [state.value for state in LIVE_STATES]
    if not Standing.objects.filter(contact_point_id__in=ids, state__in=live).exists():
        return
    with connection.cursor() as cursor:
        create_staging(cursor)
        cursor.execute(
            _EXPIRE,
            {
                "ms": int(at.timestamp() * 1000),
                "state": PermissionState.EXPIRED.value,
                "method": Method.SYSTEM.value,
                "at": at,
                "points": ids,
                "live": live,
            },
        )
        append_staged_events(cursor)
        cursor.execute("DROP TABLE staged_permission_event")


def drop_idle(*, point_ids: Collection[UUID], at: datetime) -> int:
    """Drop those of these devices that have no yes left: nothing needs their keys any more."""
    if not point_ids:
        return 0
    live = Standing.objects.filter(contact_point=OuterRef("id"), state__in=LIVE_STATES)
    idle = ContactPoint.objects.filter(
        ~Exists(live), id__in=point_ids, channel=Channel.PUSH, ended_at=None
    )
    return drop_devices(point_ids=list(idle.values_list("id", flat=True)), why="stopped", at=at)


def sweep_idle(*, at: datetime, limit: int = 1000) -> int:
    """Drop devices that a stop by another way left without a yes, and what a hold kept that is
    lifted by now; how many."""
    live = Standing.objects.filter(contact_point=OuterRef("contact_point"), state__in=LIVE_STATES)
    idle = PushDevice.objects.filter(~Exists(live), since__lt=at - timedelta(hours=1))
    idle = idle.exclude(contact_point__person_id__in=held_people())
    ended = idle.exclude(contact_point__ended_at=None).values_list("pk", flat=True)
    left = PushDevice.objects.filter(pk__in=list(ended[:limit])).delete()[0]
    ids = list(idle.values_list("contact_point_id", flat=True)[:limit])
    return left + drop_devices(point_ids=ids, why="stopped", at=at)
