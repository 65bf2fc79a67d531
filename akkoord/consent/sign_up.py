"""A sign-up: asked at a form, confirmed through the mailbox, or expired (INV-13).

Whoever types an address is told the same, known or not. Nothing that was typed for a known
address changes anything until the mailbox's owner confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from akkoord.consent.address_advice import is_throw_away
from akkoord.consent.challenge import demand_proof, is_under_attack
from akkoord.consent.checkout import keep_checkout
from akkoord.consent.enquiries import keep_enquiry
from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.limits import demand_room, may_mail_confirmation
from akkoord.consent.mails import send_confirmation
from akkoord.consent.models import CheckoutAct, CollectionPoint, Enquiry, SignUp, Standing
from akkoord.consent.queries import said_no_since
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.shown import boxes_of
from akkoord.consent.suppression import suppressed_since
from akkoord.consent.typed_values import typed_at
from akkoord.datamap.identifiers import BadIdentifier, normalise_email, plain_name
from akkoord.datamap.keys import keyed_hash
from akkoord.law.age_rules import may_say_sixteen
from akkoord.law.consent_rules import AgeState, may_consent
from akkoord.law.ip import truncate_ip
from akkoord.law.parameters import duration
from akkoord.law.reasons import Reason
from akkoord.law.states import STOP_STATES, Channel, Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor


@dataclass(frozen=True, slots=True)
class SignUpFacts:
    """What a visitor filled in. `version_ids` are the boxes that were ticked.

    `by_key`: another system says so, with this API key. It claims for somebody else, so it starts
    the confirmation and nothing more, and not for who said no before (INV-5).
    `typed` holds the other fields by key; `message` the question; `no_mail` whether "rather no
    mail" was ticked at a checkout.
    """

    email: str
    version_ids: tuple[UUID, ...]
    given_name: str = ""
    family_name: str = ""
    said_sixteen: bool = False
    parent_email: str = ""
    terms_accepted: bool = False
    ip: str = ""
    by_key: UUID | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    order_number: str = ""
    no_mail: bool = False
    proof: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class SignUpOutcome:
    """What came of it; a page must not tell which."""

    sign_up: SignUp | None
    is_mailed: bool
    enquiry: Enquiry | None = None
    checkout: CheckoutAct | None = None


def request_sign_up(
    *, collection_point: CollectionPoint, facts: SignUpFacts, at: datetime
) -> SignUpOutcome:
    """Take what was posted at a form: the question or the order, and a request per ticked topic.

    One confirmation mail leaves for the topics. Refuses (ConsentRefused with the field): no box
    ticked where the form has nothing else to do (art. 4(11)), a box that was not on this form, no
    question, terms that were not accepted, "sixteen or older" not ticked where a topic asks it,
    an address that cannot be one, a form that is closed, and too many posts at once. A second act
    within 24 hours sends no second mail.
    """
    try:
        normalised = normalise_email(facts.email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    versions = ticked_versions(collection_point, facts)
    if facts.by_key and not (versions := _without_a_no(normalised, versions)):
        return SignUpOutcome(None, is_mailed=False)
    network = truncate_ip(facts.ip) or ""
    crowd = demand_room(network=network, at=at)
    if is_under_attack(crowd) and not facts.by_key:
        demand_proof(
            facts.proof,
            facts.ticket,
            form_id=collection_point.form_id or collection_point.id,
            network=network,
            at=at,
        )
    with transaction.atomic():
        found = find_or_make_point(normalised, facts, collection_point, at=at)
        point = lock_point(found.id)
        enquiry = keep_enquiry(point, facts, collection_point, network=network, at=at)
        checkout = keep_checkout(point, facts, collection_point, network=network, at=at)
        if not versions:
            return SignUpOutcome(None, is_mailed=False, enquiry=enquiry, checkout=checkout)
        # With a parent's address their yes comes first; nothing is granted by this request.
        asks_parent = not facts.said_sixteen and any(each.purpose.asks_age for each in versions)
        age = _age(point.person, said_sixteen=facts.said_sixteen, at=at)
        if not may_consent(age, has_parent_consent=asks_parent):
            # Nobody else is to learn from this form what we know of this address (INV-14).
            return SignUpOutcome(None, is_mailed=False, enquiry=enquiry, checkout=checkout)
        sign_up = _record(point, versions, facts, collection_point, network, at=at)
        is_mailed = _mail_once(point, sign_up, at=at)
        return SignUpOutcome(sign_up, is_mailed, enquiry=enquiry, checkout=checkout)


def ticked_versions(shown: CollectionPoint, facts: SignUpFacts) -> list[PurposeVersion]:
    """The versions that were ticked, checked against what was on the screen."""
    if shown.form is None or shown.form.closed_at is not None:
        raise ConsentRefused(Reason.PURPOSE_ENDED)
    if not facts.version_ids and not shown.snapshot.get("carrier"):
        raise ConsentRefused(Reason.NO_AFFIRMATIVE_ACT, field="topics")
    if shown.snapshot.get("message") and not facts.message.strip():
        raise ConsentRefused(Reason.NOTHING_ASKED, field="message")
    if not set(facts.version_ids) <= boxes_of(shown, Channel.EMAIL):
        raise ConsentRefused(Reason.NO_CHOICE, field="topics")
    if shown.snapshot.get("terms") and not facts.terms_accepted:
        raise ConsentRefused(Reason.TERMS_ARE_NOT_CONSENT, field="terms")
    versions = list(
        PurposeVersion.objects.filter(
            id__in=facts.version_ids, purpose__ended_at=None
        ).select_related("purpose")
    )
    if facts.version_ids and not versions:
        raise ConsentRefused(Reason.PURPOSE_ENDED, field="topics")
    if any(version.purpose.asks_age for version in versions) and not facts.said_sixteen:
        _demand_parent(facts)
    return versions


def _without_a_no(normalised: str, versions: list[PurposeVersion]) -> list[PurposeVersion]:
    """The topics that nobody at this address said no to: another system asks no second time."""
    hashed = keyed_hash(normalised)
    stopped = set(
        Standing.objects.filter(
            contact_point__normalised=normalised, channel=Channel.EMAIL, state__in=STOP_STATES
        ).values_list("purpose_id", flat=True)
    )
    return [
        version
        for version in versions
        if version.purpose_id not in stopped
        and suppressed_since(keyed_hash=hashed, channel=Channel.EMAIL, slug=version.purpose.slug)
        is None
    ]


def _demand_parent(facts: SignUpFacts) -> None:
    """Under sixteen: a parent's own address, not the child's again (INV-14)."""
    if not facts.parent_email.strip():
        raise ConsentRefused(Reason.CHILD_WITHOUT_PARENT, field="sixteen")
    try:
        parent = normalise_email(facts.parent_email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="parent_email") from None
    if parent == normalise_email(facts.email):
        raise ConsentRefused(Reason.PARENT_IS_CHILD, field="parent_email")


def _age(person: Person, *, said_sixteen: bool, at: datetime) -> AgeState:
    """What is known of somebody's age; a known child's own "I am 16" counts after a year."""
    if person.is_known_child is None:
        return AgeState.UNKNOWN
    if said_sixteen and may_say_sixteen(person.known_child_at, at=at):
        return AgeState.SIXTEEN_OR_OVER
    return AgeState.UNDER_SIXTEEN if person.is_known_child else AgeState.SIXTEEN_OR_OVER


def find_or_make_point(
    normalised: str, facts: SignUpFacts, shown: CollectionPoint, *, at: datetime
) -> ContactPoint:
    """The living contact point of this address, made with a person when there is none.

    Of two visitors at once the database lets one make it; the other finds it.
    """
    living = ContactPoint.objects.filter(
        normalised=normalised, channel=Channel.EMAIL, ended_at=None
    )
    known = living.first()
    if known is not None and not _give_way(known, at=at):
        return known
    try:
        with transaction.atomic():
            person = Person.objects.create(
                # Names come with the confirmation: anybody can type an address.
                language=shown.language,
                source="form",
                source_ref=shown.id,
                created_at=at,
                updated_at=at,
            )
            return ContactPoint.objects.create(
                person=person,
                channel=Channel.EMAIL,
                value=facts.email.strip(),
                normalised=normalised,
                keyed_hash=keyed_hash(normalised),
                source="form",
                created_at=at,
            )
    except IntegrityError:
        return living.get()


def _give_way(point: ContactPoint, *, at: datetime) -> bool:
    """Whether an address was only somebody's wish to change to it: then that wish ends.

    They may have mistyped: who signs up here is not to get their record.
    """
    wishes = SignUp.objects.filter(
        contact_point=point, kind=SignUp.ADDRESS_CHANGE, state=SignUp.WAITING
    )
    if point.verified_at is not None or not wishes.exists():
        return False
    ContactPoint.objects.filter(id=point.id).update(ended_at=at)
    wishes.update(state=SignUp.EXPIRED)
    return True


def _record(
    point: ContactPoint,
    versions: list[PurposeVersion],
    facts: SignUpFacts,
    shown: CollectionPoint,
    network: str,
    *,
    at: datetime,
) -> SignUp:
    """The waiting sign-up and its requested events; the same act twice is one."""
    ids = sorted(version.id for version in versions)
    asks_age = any(version.purpose.asks_age for version in versions)
    parent_email = facts.parent_email.strip() if asks_age and not facts.said_sixteen else ""
    again = SignUp.objects.filter(
        contact_point=point,
        state=SignUp.WAITING,
        kind=SignUp.SIGN_UP,
        collection_point=shown,
        purpose_version_ids=ids,
        parent_email=parent_email,
        expires_at__gt=at,
    ).first()
    if again is not None and not said_no_since(again).exists():
        return again
    sign_up = SignUp.objects.create(
        person=point.person,
        contact_point=point,
        collection_point=shown,
        given_name=plain_name(facts.given_name)[:120],
        family_name=plain_name(facts.family_name)[:160],
        typed=typed_at(shown, facts.typed),
        parent_email=parent_email,
        language=shown.language,
        purpose_version_ids=ids,
        said_sixteen=facts.said_sixteen,
        terms_accepted=facts.terms_accepted,
        ip_truncated=network,
        requested_at=at,
        expires_at=at + duration("confirmation-term", at.date()),
    )
    append(
        point=point,
        facts=[
            Fact(
                version=version,
                state=PermissionState.REQUESTED,
                method=Method.API if facts.by_key else Method.WEB_FORM,
                happened_at=at,
                collection_point=shown,
                notice=shown.notice,
                evidence=_evidence(sign_up),
            )
            for version in versions
        ],
        actor=Actor.api(facts.by_key) if facts.by_key else Actor.person(),
        at=at,
    )
    return sign_up


def _evidence(sign_up: SignUp) -> dict[str, str | bool]:
    """What is kept of the act itself; the network only, never a whole IP address."""
    found: dict[str, str | bool] = {"sign_up": str(sign_up.id)}
    if sign_up.ip_truncated:
        found["network"] = sign_up.ip_truncated
    if is_throw_away(sign_up.contact_point.normalised):
        found["throw_away"] = True
    if sign_up.said_sixteen:
        found["said_sixteen"] = True
    if sign_up.terms_accepted:
        found["terms_accepted"] = True
    return found


def _mail_once(point: ContactPoint, sign_up: SignUp, *, at: datetime) -> bool:
    """Send the one confirmation mail of this address in 24 hours (INV-13)."""
    if not may_mail_confirmation(normalised=point.normalised, at=at):
        return False
    sign_up.mailed_at = at
    sign_up.save(update_fields=["mailed_at"])
    send_confirmation(sign_up, point=point, at=at)
    return True
