"""Yeses that do not come from a web form: a paper, the counter, a till, the preference centre."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.evidence import Proof
from akkoord.consent.limits import may_mail_confirmation
from akkoord.consent.mails import send_confirmation
from akkoord.consent.models import (
    CollectionPoint,
    Notice,
    PermissionEvent,
    SignUp,
    Standing,
)
from akkoord.consent.notices import keep_collection_point
from akkoord.consent.own_yes import know_as_child
from akkoord.consent.refusals import demand
from akkoord.consent.suppression import lift_for, suppressed_since
from akkoord.law.consent_rules import AgeState, Box, GrantClaim, judge_grant
from akkoord.law.evidence_rules import judge_evidence, state_of_yes
from akkoord.law.parameters import duration
from akkoord.law.states import (
    STOP_STATES,
    ActorKind,
    Channel,
    Method,
    PermissionState,
)
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import ActorKind as TrailActorKind


@dataclass(frozen=True, slots=True)
class EvidenceGrant:
    """A yes that staff have the evidence of.

    `notice` is the exact wording: of a published form (then with `shown`, that form's version), a
    script that is read out, or declared (`declare_wording`). `box_was_ticked` and
    `has_parent_consent` are what staff say they saw.
    """

    version: PurposeVersion
    method: Method
    happened_at: datetime
    notice: Notice
    proof: Proof = field(default_factory=Proof)
    shown: CollectionPoint | None = None
    language: str = "nl"
    box_was_ticked: bool = True
    was_ticked_beforehand: bool = False
    has_parent_consent: bool = False


def record_evidence_grant(
    *, point_id: UUID, grant: EvidenceGrant, actor: Actor, at: datetime
) -> PermissionEvent:
    """Record a yes with its evidence, entered by staff or made by the person at our tablet.

    On paper, at the counter or a till it stands at once; a mail address that was spelled out by
    telephone waits for the click in one confirmation mail (INV-13). Refused by the law's rules:
    without evidence, or a call permission without the right of objection (INV-20); pre-ticked
    (INV-8), no wording (INV-7), another channel's address or words (INV-12), a known child without
    a parent (INV-14), or a yes that is not the person's own act after an objection or an erasure
    (INV-5). A scan that cannot be evidence raises BadFile; nothing is kept then.
    """
    with transaction.atomic():
        point = lock_point(point_id)
        demand(judge_evidence(grant.method, Channel(point.channel), grant.proof.as_claim()))
        _judge(point, grant, actor=actor, at=at)
        proof = grant.proof.kept(person_id=point.person_id, actor=actor, at=at)
        shown = grant.shown or _shown(grant, at=at)
        evidence = proof.as_json()
        if grant.has_parent_consent:
            evidence["parent_consent"] = True
        event = append(
            point=point,
            facts=[
                Fact(
                    version=grant.version,
                    state=state_of_yes(grant.method, Channel(point.channel)),
                    method=grant.method,
                    happened_at=grant.happened_at,
                    collection_point=shown,
                    notice=grant.notice,
                    is_declared=grant.notice.is_declared,
                    evidence=evidence,
                )
            ],
            actor=actor,
            at=at,
        )[0]
        if grant.has_parent_consent:
            know_as_child(point, on=grant.happened_at)
        if event.state == PermissionState.REQUESTED:
            _ask_confirmation(point, grant, shown, at=at)
        else:
            _settle(point, grant.version, acted_at=grant.happened_at, at=at)
        record_change(
            actor=actor,
            action="permission.grant",
            object_kind="person",
            object_id=point.person_id,
            subject_id=point.person_id,
            at=at,
        )
    return event


def _shown(grant: EvidenceGrant, *, at: datetime) -> CollectionPoint:
    """What was shown or read out, frozen, when it was no published form."""
    return keep_collection_point(
        kind=grant.method,
        language=grant.language,
        snapshot={"wording": grant.notice.text, "declared": grant.notice.is_declared},
        notice=grant.notice,
        versions=[grant.version],
        at=at,
    )


def _box_channels(grant: EvidenceGrant, point: ContactPoint) -> frozenset[Channel]:
    """The channels that the words speak of: the form's own box, else what the topic offers."""
    if grant.shown is not None:
        for box in grant.shown.snapshot.get("topics", []):
            if box.get("version") == str(grant.version.id):
                return frozenset({Channel(box.get("channel", Channel.EMAIL))})
        return frozenset()
    offered = frozenset(Channel(each) for each in grant.version.purpose.channels)
    return offered & {Channel(point.channel)}


def _judge(point: ContactPoint, grant: EvidenceGrant, *, actor: Actor, at: datetime) -> None:
    """Put the law's rules for a grant to this yes."""
    purpose = grant.version.purpose
    standing = Standing.objects.filter(contact_point=point, purpose=purpose).first()
    stopped = standing if standing and standing.state in STOP_STATES else None
    suppressed = suppressed_since(
        keyed_hash=bytes(point.keyed_hash), channel=point.channel, slug=purpose.slug
    )
    known = point.person.is_known_child
    age = AgeState.UNKNOWN
    if known is not None:
        age = AgeState.UNDER_SIXTEEN if known else AgeState.SIXTEEN_OR_OVER
    demand(
        judge_grant(
            GrantClaim(
                box=Box(
                    purposes=frozenset({purpose.slug}),
                    channels=_box_channels(grant, point),
                    wording=grant.notice.text,
                    is_ticked_beforehand=grant.was_ticked_beforehand,
                ),
                is_ticked=grant.box_was_ticked,
                method=grant.method,
                actor=_law_actor(actor),
                happened_at=grant.happened_at,
                wording_hash=grant.notice.sha256,
                notice_hash=grant.notice.sha256,
                address_channel=Channel(point.channel),
                age=age,
                has_parent_consent=grant.has_parent_consent,
                stopped_at=max(
                    (each for each in (stopped and stopped.since, suppressed) if each),
                    default=None,
                ),
                stopped_as=PermissionState(stopped.state) if stopped else None,
            ),
            at=at,
        )
    )


def _law_actor(actor: Actor) -> ActorKind:
    return {
        TrailActorKind.STAFF: ActorKind.STAFF,
        TrailActorKind.PERSON: ActorKind.PERSON,
    }.get(TrailActorKind(actor.kind), ActorKind.IMPORT)


def _ask_confirmation(
    point: ContactPoint, grant: EvidenceGrant, shown: CollectionPoint, *, at: datetime
) -> None:
    """The one mail that asks; none when the mailbox was asked today: that mail serves this too."""
    is_mailed = may_mail_confirmation(normalised=point.normalised, at=at)
    sign_up = SignUp.objects.create(
        person_id=point.person_id,
        contact_point=point,
        collection_point=shown,
        language=grant.language,
        purpose_version_ids=[grant.version.id],
        requested_at=at,
        mailed_at=at if is_mailed else None,
        expires_at=at + duration("confirmation-term", at.date()),
    )
    if is_mailed:
        send_confirmation(sign_up, point=point, at=at)


def _settle(
    point: ContactPoint, version: PurposeVersion, *, acted_at: datetime, at: datetime
) -> None:
    """An older no in the way goes, and the person no longer waits to be judged (INV-44)."""
    lift_for(
        keyed_hash=bytes(point.keyed_hash),
        channel=point.channel,
        purpose_ids=[version.purpose_id],
        acted_at=acted_at,
        at=at,
    )
    person = point.person
    if person.judge_by is not None:
        person.judge_by = None
        person.save(update_fields=["judge_by"])


def grant_from_preference_centre(
    *,
    point_id: UUID,
    version: PurposeVersion,
    shown: CollectionPoint,
    at: datetime,
    said_sixteen: bool = False,
) -> PermissionEvent:
    """The person switches a topic on, behind a fresh link that came through the mailbox.

    That counts as confirmed (INV-13), and lifts an older no for this topic (INV-5).
    """
    with transaction.atomic():
        point = lock_point(point_id)
        grant = EvidenceGrant(
            version=version,
            method=Method.PREFERENCE_CENTRE,
            happened_at=at,
            notice=shown.notice,
        )
        _judge(point, grant, actor=Actor.person(), at=at)
        event = append(
            point=point,
            facts=[
                Fact(
                    version=version,
                    state=PermissionState.CONFIRMED,
                    method=Method.PREFERENCE_CENTRE,
                    happened_at=at,
                    collection_point=shown,
                    notice=shown.notice,
                    evidence={"said_sixteen": True} if said_sixteen else {},
                )
            ],
            actor=Actor.person(),
            at=at,
        )[0]
        _settle(point, version, acted_at=at, at=at)
        if point.verified_at is None:
            point.verified_at = at
            point.save(update_fields=["verified_at"])
    return event


def grant_in_browser(
    *,
    point_id: UUID,
    version: PurposeVersion,
    shown: CollectionPoint,
    at: datetime,
    said_sixteen: bool = False,
    evidence: dict[str, object] | None = None,
) -> PermissionEvent:
    """The person allows push messages about a topic, in the browser that gets them.

    The browser asked as well, so it needs no confirmation (INV-13); it counts for this device and
    for push alone (INV-12), and lifts an older no for this topic (INV-5).
    """
    with transaction.atomic():
        point = lock_point(point_id)
        grant = EvidenceGrant(
            version=version, method=Method.BROWSER, happened_at=at, notice=shown.notice
        )
        _judge(point, grant, actor=Actor.person(), at=at)
        said = {"said_sixteen": True} if said_sixteen else {}
        event = append(
            point=point,
            facts=[
                Fact(
                    version=version,
                    state=PermissionState.GIVEN,
                    method=Method.BROWSER,
                    happened_at=at,
                    collection_point=shown,
                    notice=shown.notice,
                    evidence={**(evidence or {}), **said},
                )
            ],
            actor=Actor.person(),
            at=at,
        )[0]
        _settle(point, version, acted_at=at, at=at)
    return event
