"""The room's own mails: confirm a sign-up, its receipt, check a mailbox, a fresh preference link.

No promotion, no picture, no link that tells who opened it. They stand on the closed list of kinds
in `law.message_kinds`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation

from akkoord.consent.models import PermissionEvent, SignUp, TrialAddress
from akkoord.consent.queries import entries_of
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tokens import (
    confirmation_link,
    details_link,
    fresh_link,
    parent_link,
    parent_stop_link,
    preference_link,
    trial_link,
)
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.law.parameters import duration, parameter
from akkoord.law.reasons import Reason
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion
from akkoord.register.queries import organisation


def send_confirmation(sign_up: SignUp, *, point: ContactPoint, at: datetime) -> None:
    """The one confirmation mail of a sign-up (INV-13)."""
    versions = PurposeVersion.objects.filter(id__in=sign_up.purpose_version_ids)
    own = sign_up.collection_point.snapshot.get("mails") or {}
    _send(
        MessageKind.CONFIRMATION,
        "confirmation",
        point=point,
        language=sign_up.language,
        at=at,
        values={
            "link": confirmation_link(sign_up.id),
            "versions": list(versions),
            "expires_at": sign_up.expires_at,
            "own": own,
        },
    )


def confirmation_shown(
    snapshot: dict[str, Any], versions: Sequence[PurposeVersion], language: str
) -> str:
    """The confirmation mail of a form as a document, for the maker of the form to look at."""
    expires = timezone.now() + duration("confirmation-term", timezone.localdate())
    context = {
        "organisation": organisation(),
        "link": "#",
        "versions": versions,
        "expires_at": expires,
        "own": snapshot["mails"],
    }
    with translation.override(language):
        return render_to_string("consent/mail/confirmation/body.html", context)


def send_parent_confirmation(sign_up: SignUp, *, point: ContactPoint, at: datetime) -> None:
    """The one mail that asks a parent whether they agree (INV-14, art. 8(2))."""
    versions = PurposeVersion.objects.filter(id__in=sign_up.purpose_version_ids)
    _send(
        MessageKind.PARENT_CONFIRMATION,
        "parent_confirmation",
        point=point,
        recipient=sign_up.parent_email,
        language=sign_up.language,
        at=at,
        values={
            "link": parent_link(sign_up.id),
            "stop_link": parent_stop_link(point.id),
            "child": point.value,
            "versions": list(versions),
            "expires_at": sign_up.expires_at,
        },
    )


def send_mailbox_check(sign_up: SignUp, *, point: ContactPoint, at: datetime) -> None:
    """Ask a new mailbox whether it is the person's (INV-11)."""
    _send(
        MessageKind.MAILBOX_CHECK,
        "mailbox_check",
        point=point,
        language=sign_up.language,
        at=at,
        values={"link": confirmation_link(sign_up.id), "expires_at": sign_up.expires_at},
    )


def send_trial_question(trial: TrialAddress, *, at: datetime) -> None:
    """The one mail that asks the owner of a mailbox whether they want to try letters."""
    _send_to(
        trial.address,
        MessageKind.TRIAL_QUESTION,
        "trial_address",
        subject_id=trial.subject_id,
        language=trial.language,
        at=at,
        values={"link": trial_link(trial.id)},
    )


def send_preference_link(*, point: ContactPoint, language: str, at: datetime) -> None:
    """A fresh link to the preference centre, through the mailbox that it is about."""
    _send(
        MessageKind.PREFERENCE_LINK,
        "preference_link",
        point=point,
        language=language,
        at=at,
        values={
            "link": fresh_link(point_id=point.id, at=at),
            "days": parameter("fresh-link-term", at.date()),
        },
    )


def send_details_question(*, point: ContactPoint, words: Mapping[str, str], at: datetime) -> None:
    """Are your details still right? Its link shows them, to this very mailbox, for a while."""
    language = point.person.language
    _send(
        MessageKind.DETAILS_QUESTION,
        "details_question",
        point=point,
        language=language,
        at=at,
        values={
            "link": details_link(point_id=point.id, at=at),
            "days": parameter("details-link-term", at.date()),
            "words": words.get(language, ""),
        },
    )


def send_joining_link(link: str, *, point: ContactPoint, language: str, at: datetime) -> None:
    """A link that puts a device for push messages beside this mailbox."""
    _send(
        MessageKind.PREFERENCE_LINK,
        "joining_link",
        point=point,
        language=language,
        at=at,
        values={"link": link},
    )


def send_receipt(
    events: Iterable[PermissionEvent], *, point: ContactPoint, language: str, at: datetime
) -> None:
    """The outcome of a confirmation: it worked, and this is what was agreed to (art. 7(1)).

    No promotion. Its link to the whole proof is a fresh one and works for a day.
    """
    entries = entries_of(event.id for event in events)
    if not entries:
        return
    _send(
        MessageKind.RECEIPT,
        "receipt",
        point=point,
        language=language,
        at=at,
        values={
            "entries": entries,
            "link": fresh_link(point_id=point.id, at=at) + "bewijs/",
            "stop_link": preference_link(point_id=point.id, at=at),
        },
    )


def _send(
    kind: MessageKind,
    name: str,
    *,
    point: ContactPoint,
    language: str,
    at: datetime,
    values: dict[str, Any],
    recipient: str = "",
) -> None:
    """One of these mails to a contact point's own address, or to another of the same person."""
    recipient, subject_id = recipient or point.value, point.person_id
    _send_to(recipient, kind, name, subject_id=subject_id, language=language, at=at, values=values)


def _send_to(
    recipient: str,
    kind: MessageKind,
    name: str,
    *,
    subject_id: UUID | None,
    language: str,
    at: datetime,
    values: dict[str, Any],
) -> None:
    """Render subject, text and HTML in the person's language and put them in the outbox."""
    house = organisation()
    context = {"organisation": house, **values}
    with translation.override(language):
        parts = {
            part: render_to_string(f"consent/mail/{name}/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=kind,
            recipient=recipient,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            html=parts["body.html"],
            subject_id=subject_id,
            headers=sender,
            at=at,
        )
    except UnfitMail:  # an address that no mail can be sent to, however well it is formed
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
