"""Welcome mails of forms: a letter of the topic, after the yes, through the gate like any other.

State is pulled: nobody calls this room when a sign-up is confirmed. One dispatch per published
version and topic; a person gets its letter once, the database sees to that.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from akkoord.consent.models import CollectionPoint, SignUp
from akkoord.datamap.ids import uuid7
from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.dispatch import DispatchRefused, check_way_back, content_hash_of, defer_run
from akkoord.messages.footer import Footer
from akkoord.messages.models import Dispatch, Message, Welcome
from akkoord.messages.template import CompileError
from akkoord.permission.queries import RULE_VERSION
from akkoord.register.models import Purpose, PurposeVersion
from akkoord.register.queries import measuring_purpose, organisation

LATE = timedelta(hours=24)  # a welcome that comes later is odd: then rather none
STEP = 500


def send_welcomes(*, at: datetime) -> int:
    """Put a welcome mail in the pipeline for whoever confirmed of late; answers for how many.

    Doing it again adds nobody twice. Without a public address nothing leaves.
    """
    try:
        check_way_back(Channel.EMAIL)
    except DispatchRefused:
        return 0
    shown = {point.id: point for point in _with_welcome(at)}
    waiting: dict[tuple[UUID, UUID], list[SignUp]] = defaultdict(list)
    found = SignUp.objects.filter(
        collection_point_id__in=shown, state=SignUp.CONFIRMED, confirmed_at__gt=at - LATE
    ).order_by("-confirmed_at")[:STEP]
    for sign_up in found:
        purpose_id = _topic_of(sign_up, shown[sign_up.collection_point_id])
        if purpose_id is not None:
            waiting[(sign_up.collection_point_id, purpose_id)].append(sign_up)
    purposes = Purpose.objects.filter(ended_at=None).in_bulk([key for _, key in waiting])
    return sum(
        _add(shown[point_id], purposes[purpose_id], sign_ups, at=at)
        for (point_id, purpose_id), sign_ups in waiting.items()
        if purpose_id in purposes
    )


def _with_welcome(at: datetime) -> Iterable[CollectionPoint]:
    """The versions with a welcome mail that somebody can have confirmed of late."""
    return (
        CollectionPoint.objects.filter(
            form__isnull=False,
            id__in=SignUp.objects.filter(state=SignUp.CONFIRMED, confirmed_at__gt=at - LATE).values(
                "collection_point_id"
            ),
        )
        .exclude(snapshot__mails__welcome_body="")
        .filter(snapshot__mails__welcome_body__isnull=False)
    )


def _topic_of(sign_up: SignUp, shown: CollectionPoint) -> UUID | None:
    """The first topic of the form that this person ticked: the letter belongs to it."""
    ticked = {str(each) for each in sign_up.purpose_version_ids}
    measuring = measuring_purpose()
    for topic in shown.snapshot["topics"]:
        purpose = UUID(topic["purpose"])
        # Nothing is sent for a yes to measuring (INV-28).
        if topic["version"] in ticked and (measuring is None or purpose != measuring.id):
            return purpose
    return None


@transaction.atomic
def _add(shown: CollectionPoint, purpose: Purpose, sign_ups: list[SignUp], *, at: datetime) -> int:
    """Rows for those who have none yet; the gate is asked when they are handed over (INV-1).

    Two workers at once wait for each other at the version, and a worker that wants to close the run
    at the run: so there is one run, and nobody is left in one that is closed.
    """
    CollectionPoint.objects.select_for_update().get(id=shown.id)
    dispatch = _dispatch(shown, purpose, at=at)
    if dispatch is None:
        return 0
    known = set(
        Message.objects.filter(
            dispatch=dispatch, person_id__in=[each.person_id for each in sign_ups]
        ).values_list("person_id", flat=True)
    )
    fresh = {each.person_id: each for each in sign_ups if each.person_id not in known}
    Message.objects.bulk_create(
        [
            Message(
                dispatch=dispatch,
                person_id=person_id,
                contact_point_id=sign_up.contact_point_id,
                state=Message.State.DUE,
                due_at=at,
            )
            for person_id, sign_up in fresh.items()
        ],
        ignore_conflicts=True,
    )
    if fresh:
        Dispatch.objects.filter(id=dispatch.id, state=Dispatch.State.FINISHED).update(
            state=Dispatch.State.RUNNING, ended_at=None
        )
        defer_run(dispatch.id)
    return len(fresh)


def _dispatch(shown: CollectionPoint, purpose: Purpose, *, at: datetime) -> Dispatch | None:
    """The run of this version's welcome mail, made the first time; None: it does not compile."""
    known = Welcome.objects.filter(collection_point_id=shown.id, purpose=purpose)
    if (welcome := known.first()) is not None:
        return Dispatch.objects.select_for_update().get(id=welcome.dispatch_id)
    source = _source(shown, purpose)
    try:
        content_hash = content_hash_of(purpose, source)
    except CompileError:  # a field was taken from the topic since: staff see it in the preview
        return None
    dispatch = Dispatch.objects.create(
        id=uuid7(),
        kind=MessageKind.CAMPAIGN,
        purpose=purpose,
        channel=Channel.EMAIL,
        template=source.as_json(),
        content_hash=content_hash,
        rule_version=RULE_VERSION,
        state=Dispatch.State.RUNNING,
        created_at=at,
        started_at=at,
        fanned_out_at=at,  # its rows come one by one, with each yes
    )
    Welcome.objects.create(collection_point_id=shown.id, purpose=purpose, dispatch=dispatch)
    return dispatch


def _source(shown: CollectionPoint, purpose: Purpose) -> MessageSource:
    """The frozen words, with the real sender and the ways out that every letter has (INV-21)."""
    house = organisation()
    version = PurposeVersion.objects.filter(purpose=purpose, valid_to=None).first()
    english = shown.language == "en"
    domain = house.mail_domain if house else "localhost"
    return MessageSource(
        subject=shown.snapshot["mails"]["welcome_subject"],
        body=shown.snapshot["mails"]["welcome_body"],
        body_format="markdown",
        language=shown.language,
        sender=Sender(
            name=house.sender_name if house else "",
            address=house.sender_email if house else "",
            reply_to=house.contact_email if house else "",
        ),
        footer=Footer(
            organisation=house.name if house else "",
            postal_address=house.address if house else "",
            contact=house.contact_email if house else "",
        ),
        list_id=f"{purpose.slug}.{domain}",
        list_name=(version.name_en if english else version.name_nl) if version else purpose.slug,
        domain=domain,
        feedback_id=f"{shown.id.hex[-12:]}:{purpose.slug}:welcome:{domain.split('.')[0]}",
    )
