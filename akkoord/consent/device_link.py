"""Putting a device beside a person's mailbox, by their own act; it gives no new permission."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from akkoord.consent.ask_link import DAY, PER_ADDRESS
from akkoord.consent.mails import send_joining_link
from akkoord.consent.models import LinkRequest, Standing
from akkoord.consent.push_tokens import joining_link
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.rhythm import pause_with
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method, PermissionState
from akkoord.people.models import ContactPoint, Person, PersonAlias
from akkoord.trail.actions import Actor, record_change

PER_NETWORK = 30  # questions a day from one /24 or /48, known and unknown addresses alike


def ask_joining(*, device_id: UUID, email: str, language: str, ip: str, at: datetime) -> None:
    """Mail a link that puts this device beside that mailbox; says nothing about who is known.

    Refuses only what no address can be, and too many questions from one network. Three mails a day
    to one mailbox at most, together with other links.
    """
    try:
        normalised = normalise_email(email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    network = truncate_ip(ip) or ""
    of_late = LinkRequest.objects.filter(asked_at__gt=at - DAY)
    if network and of_late.filter(network=network).count() >= PER_NETWORK:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
    with transaction.atomic():
        mailbox = (
            ContactPoint.objects.select_for_update(no_key=True)
            .filter(normalised=normalised, channel=Channel.EMAIL, ended_at=None)
            .first()
        )
        LinkRequest.objects.create(contact_point=mailbox, network=network, asked_at=at)
        if mailbox is None or of_late.filter(contact_point=mailbox).count() > PER_ADDRESS:
            return
        link = joining_link(device_id=device_id, mailbox_id=mailbox.id, at=at)
        send_joining_link(link, point=mailbox, language=language, at=at)


def link_device(*, device_id: UUID, mailbox_id: UUID, at: datetime) -> bool:
    """Put a device beside the person of a mailbox; whether it stands there now.

    Only a device whose person is known by devices alone: another person's is left where it is.
    What was agreed to in the browser stays as it is, for push; nothing of it counts for mail, nor
    the other way round (INV-12). An objection that is younger than a yes takes it away (INV-4).
    """
    with transaction.atomic():
        points = {
            point.id: point
            for point in ContactPoint.objects.select_for_update(of=("self",))
            .filter(id__in=[device_id, mailbox_id], ended_at=None)
            .order_by("id")
        }
        device, mailbox = points.get(device_id), points.get(mailbox_id)
        if device is None or mailbox is None or device.channel != Channel.PUSH:
            return False
        if device.person_id == mailbox.person_id:
            return True
        nobody, person_id = device.person_id, mailbox.person_id
        if not _is_device_only(nobody):
            return False
        _move(nobody, person_id, at=at)
        _obey_objection(person_id, at=at)
        pause_with(point_id=device_id, mailbox_id=mailbox_id, at=at)
        record_change(
            actor=Actor.person(),
            action="device.link",
            object_kind="person",
            object_id=person_id,
            subject_id=person_id,
            at=at,
        )
    return True


def _is_device_only(person_id: UUID) -> bool:
    """Whether this is somebody of whom we know devices only."""
    person = Person.objects.select_for_update().filter(id=person_id, source="push").first()
    if person is None or person.full_name or person.customer_number:
        return False
    return not (
        ContactPoint.objects.filter(person_id=person_id).exclude(channel=Channel.PUSH).exists()
        or person.relations.exists()
        or person.purchases.exists()
    )


def _move(old: UUID, new: UUID, *, at: datetime) -> None:
    """Everything of the one record to the other; sealed events follow by the alias."""
    ContactPoint.objects.filter(person_id=old).update(person_id=new)
    Standing.objects.filter(person_id=old).update(person_id=new)
    PersonAlias.objects.filter(person_id=old).update(person_id=new)
    PersonAlias.objects.create(old_id=old, person_id=new, merged_at=at)
    Person.objects.filter(id=old).delete()


def _obey_objection(person_id: UUID, *, at: datetime) -> None:
    """A person who objected to all marketing after the yes in the browser meant that one too."""
    objected = Standing.objects.filter(
        person_id=person_id, state=PermissionState.OBJECTED, contact_point__ended_at=None
    ).aggregate(last=Max("since"))["last"]
    if objected is None:
        return
    older = Standing.objects.filter(
        person_id=person_id, channel=Channel.PUSH, state=PermissionState.GIVEN, since__lt=objected
    )
    for standing in older:
        withdraw(
            point_id=standing.contact_point_id,
            purpose_id=standing.purpose_id,
            method=Method.PREFERENCE_CENTRE,
            actor=Actor.person(),
            at=at,
        )
