"""The end-points, version 1: HTTP only; who decides stands in `consent` and `permission`."""

from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from akkoord.accounts.access import Action
from akkoord.api.keys import actor_of, any_key, any_key_any_time, demand_reader, demand_role, key_of
from akkoord.api.problems import Problem, Wrong
from akkoord.api.requests_in import take_passed_on
from akkoord.api.schemas import (
    Accepted,
    Address,
    AddressChannel,
    HealthOut,
    ObjectionIn,
    PermissionOut,
    RequestIn,
    SignUpIn,
    TopicOut,
    WithdrawalIn,
)
from akkoord.api.sign_ups import sign_up
from akkoord.consent.actions import object_by_address, withdraw_by_address
from akkoord.consent.by_address import living_points
from akkoord.datamap.identifiers import BadIdentifier
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method
from akkoord.permission.queries import Answer, ask
from akkoord.permission.sentences import sentence_of
from akkoord.register.queries import current_versions, live_topics, topic_by_slug
from akkoord.rights.disclosures import record_disclosures
from akkoord.rights.models import Disclosure
from akkoord.trail.actions import record_change

router = Router()
REFUSED = {400: Problem, 401: Problem, 422: Problem}
LIMITED = {**REFUSED, 403: Problem, 429: Problem}


@router.post(
    "/withdrawals",
    auth=any_key_any_time,
    response={202: Accepted, **REFUSED},
    summary="Somebody stops",
    operation_id="withdraw",
)
def withdrawals(request: HttpRequest, payload: WithdrawalIn) -> Status[Accepted]:
    """Stop one topic, or everything, at an address. Always taken, at once, from every key.

    The answer is the same for an address that we do not know. Mails that wait do not leave.
    """
    try:
        withdraw_by_address(
            channel=Channel(payload.channel),
            address=payload.address,
            purpose_id=_purpose(payload.topic),
            method=Method.API,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except BadIdentifier:
        raise _bad_address() from None
    return Status(202, Accepted())


@router.post(
    "/objections",
    auth=any_key_any_time,
    response={202: Accepted, **REFUSED},
    summary="Somebody objects to all marketing",
    operation_id="object",
)
def objections(request: HttpRequest, payload: ObjectionIn) -> Status[Accepted]:
    """An objection to all marketing, over every channel. Always taken, at once, from every key.

    It holds for an address that we do not know yet as well: nothing brings it in later. Only the
    person can undo it, by an act of their own.
    """
    try:
        object_by_address(
            channel=Channel(payload.channel),
            address=payload.address,
            method=Method.API,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except BadIdentifier:
        raise _bad_address() from None
    return Status(202, Accepted())


@router.post(
    "/requests",
    auth=any_key_any_time,
    response={202: Accepted, **REFUSED},
    summary="Somebody asked something about their data",
    operation_id="request",
)
def requests(request: HttpRequest, payload: RequestIn) -> Status[Accepted]:
    """Pass a person's request on: to see, correct, take along, limit or erase, or to stop.

    The month counts from `received_at` (now, when it is left out). A no to marketing works at once;
    for the rest the mailbox is asked whether it was them. The answer is the same for an address
    that we do not know.
    """
    take_passed_on(payload, actor=actor_of(request), at=timezone.now())
    return Status(202, Accepted())


@router.get(
    "/permissions",
    auth=any_key,
    response={200: list[PermissionOut], **LIMITED},
    summary="May this address be reached?",
    operation_id="permissions",
)
def permissions(
    request: HttpRequest, address: Query[Address], channel: Query[AddressChannel] = "email"
) -> list[PermissionOut]:
    """The gate's answer per topic, as it is at this moment. Ask again before every message.

    The address stands in the request's URL: let no proxy of yours write down full URLs.
    """
    demand_role(request, Action.READ_PEOPLE)
    now, way = timezone.now(), Channel(channel)
    demand_reader(request, at=now)
    try:
        point = living_points(way, address).first()
    except BadIdentifier:
        raise _bad_address() from None
    if point is not None:
        if (reader := key_of(request).recipient_id) is not None:
            record_disclosures(
                person_ids=[point.person_id],
                recipient_id=reader,
                how=Disclosure.How.API,
                fields=[channel],
                at=now,
            )
        record_change(
            actor=actor_of(request),
            action="person.read",
            object_kind="person",
            object_id=point.person_id,
            subject_id=point.person_id,
            at=now,
        )
    answers = []
    for topic in live_topics():
        answer = Answer(allowed=False, reason=Reason.NO_BASIS, evidence_id=None)
        if point is not None:
            answer = ask([point.id], topic, way, at=now)[point.id]
        answers.append(_permission(topic.slug, channel, answer))
    return answers


def _permission(slug: str, channel: str, answer: Answer) -> PermissionOut:
    return PermissionOut(
        topic=slug,
        channel=channel,
        allowed=answer.allowed,
        reason=answer.reason.value if answer.reason else None,
        sentence=sentence_of(answer.reason) if answer.reason else _("This address may be reached."),
    )


@router.post(
    "/sign-ups",
    auth=any_key,
    response={202: Accepted, **LIMITED},
    summary="Somebody asked to sign up",
    operation_id="signUp",
)
def sign_ups(request: HttpRequest, payload: SignUpIn) -> Status[Accepted]:
    """Start the confirmation of a sign-up: one mail with a button, in which nothing is sold.

    A key claims for somebody else, so this is never a yes: that is the press of the button, and
    there is no way around it. Who said no before gets no mail; they can come back at a form.
    """
    demand_role(request, Action.RECORD_CONSENT)
    sign_up(payload, by_key=key_of(request).key_id, at=timezone.now())
    return Status(202, Accepted())


@router.get(
    "/topics",
    auth=any_key,
    response={200: list[TopicOut], **LIMITED},
    summary="Topics that people can choose",
    operation_id="topics",
)
def topics(request: HttpRequest) -> list[TopicOut]:  # noqa: ARG001 - the framework's shape
    """Every living topic, in the language that you ask for (`Accept-Language: nl` or `en`)."""
    return [
        TopicOut(
            slug=version.purpose.slug,
            name=version.name,
            description=version.description,
            frequency=version.purpose.frequency,
            channels=list(version.purpose.channels),
        )
        for version in current_versions(live_topics())
    ]


@router.get("/health", auth=None, response=HealthOut, summary="Is it up?", operation_id="health")
def health(request: HttpRequest) -> HealthOut:  # noqa: ARG001 - the framework's shape
    """Answers when the server and its database do; needs no key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HealthOut()


def _purpose(slug: str | None) -> UUID | None:
    """The topic that is meant; None: all of them."""
    if slug is None:
        return None
    topic = topic_by_slug(slug)
    if topic is None:
        raise Wrong(422, "unknown-topic", _("There is no topic with this name."), field="topic")
    return topic.id


def _bad_address() -> Wrong:
    return Wrong(
        422,
        Reason.BAD_ADDRESS.value,
        _("This is no address or number that can work."),
        field="address",
    )
