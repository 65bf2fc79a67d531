"""Letters that everybody may read: the web copy behind "view in your browser", and the archive of a
topic where the organisation opened one.

A copy is made from what was approved, with nobody's values in it, and who reads it leaves no
trace: the address is the same for all, nothing is counted and no cookie is set. A letter to a
group stays out of the archive: what it says was not meant for everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from akkoord.campaigns.archive_models import Archive
from akkoord.campaigns.models import Campaign
from akkoord.law.states import Channel
from akkoord.messages.compile import MessageSource
from akkoord.messages.public_copy import PublicCopy, copy_of
from akkoord.messages.queries import somebody_got
from akkoord.register.models import Purpose, PurposeVersion
from akkoord.register.queries import current_versions, letter_topics
from akkoord.trail.actions import Actor, record_change

MOST = 100  # letters in an archive and its feed


@transaction.atomic
def set_archive(*, purpose: Purpose, is_open: bool, at: datetime, actor: Actor) -> Archive:
    """Open the archive of a topic to everybody, or close it at once."""
    archive, _made = Archive.objects.update_or_create(
        purpose=purpose,
        defaults={"is_open": is_open, "changed_by": actor.id, "changed_at": at},
    )
    record_change(
        actor=actor,
        action="archive.open" if is_open else "archive.close",
        object_kind="topic",
        object_id=purpose.id,
        at=at,
    )
    return archive


@transaction.atomic
def set_in_archive(*, campaign_id: UUID, is_in: bool, at: datetime, actor: Actor) -> None:
    """Take a letter out of its topic's archive and feed, or put it back."""
    Campaign.objects.filter(id=campaign_id).update(left_archive_at=None if is_in else at)
    # Who has the feed asks whether it changed: by the archive's own moment.
    Archive.objects.filter(purpose__in=_purposes_of(campaign_id)).update(changed_at=at)
    record_change(
        actor=actor,
        action="archive.put-back" if is_in else "archive.take-out",
        object_kind="campaign",
        object_id=campaign_id,
        at=at,
    )


def _purposes_of(campaign_id: UUID) -> list[UUID]:
    found = Campaign.objects.filter(id=campaign_id).values_list("purpose_id", "also").first()
    return [found[0], *found[1]] if found else []


def _about(purpose_id: UUID) -> Q:
    """Letters about this topic, also when it is not their first."""
    return Q(purpose_id=purpose_id) | Q(also__contains=[purpose_id])


def _for_everybody() -> QuerySet[Campaign]:
    """Letters that left, to everybody who chose the topic.

    One that was stopped before anybody got it, or still waits, was never told to anybody.
    """
    return Campaign.objects.filter(
        somebody_got("dispatch_id"),
        channel=Channel.EMAIL,
        segment="",
        dispatch__started_at__isnull=False,
    ).select_related("dispatch", "purpose")


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """The archive of a topic, as its page and its feed show it."""

    topic: PurposeVersion
    letters: list[Campaign]
    changed_at: datetime


def open_archive(slug: str) -> Archive | None:
    """The archive of a topic when it is open; one statement."""
    found = Archive.objects.filter(purpose__slug=slug, purpose__ended_at=None, is_open=True)
    return found.select_related("purpose").first()


def letters_of(archive: Archive) -> OpenArchive:
    """What an open archive holds, the newest first; two statements."""
    letters = _for_everybody().filter(_about(archive.purpose_id), left_archive_at=None)
    found = list(letters.order_by("-dispatch__started_at")[:MOST])
    moments = [each.dispatch.started_at for each in found if each.dispatch is not None]
    topic = archive.purpose.versions.get(valid_to=None)
    changed = max([archive.changed_at, *(each for each in moments if each)])
    return OpenArchive(topic, found, changed)


def changed_at(slug: str) -> datetime | None:
    """When an open archive last changed; None: there is none. Two statements."""
    archive = open_archive(slug)
    if archive is None:
        return None
    newest = (
        _for_everybody()
        .filter(_about(archive.purpose_id), left_archive_at=None)
        .order_by("-dispatch__started_at")
        .values_list("dispatch__started_at", flat=True)
        .first()
    )
    return max(archive.changed_at, newest) if newest else archive.changed_at


@dataclass(frozen=True, slots=True)
class WebCopy:
    """A letter on the web. `is_public`: it stands in an open archive, so it may be found."""

    copy: PublicCopy
    is_public: bool


def web_copy(run: UUID) -> WebCopy | None:
    """The web copy of a letter that left, by its run; None: no such letter. Two statements."""
    campaign = (
        Campaign.objects.filter(somebody_got("dispatch_id"), dispatch_id=run, channel=Channel.EMAIL)
        .exclude(dispatch__started_at=None)
        .select_related("dispatch")
        .first()
    )
    if campaign is None or campaign.dispatch is None:
        return None
    is_public = (
        campaign.segment == ""
        and campaign.left_archive_at is None
        and Archive.objects.filter(
            purpose_id__in=[campaign.purpose_id, *campaign.also], is_open=True
        ).exists()
    )
    return WebCopy(copy_of(MessageSource.from_json(campaign.dispatch.template)), is_public)


@dataclass(frozen=True, slots=True)
class TopicArchive:
    """A topic with its archive, for staff. `letters`: also those that were taken out."""

    topic: PurposeVersion
    is_open: bool
    letters: list[Campaign]


def topic_archives() -> list[TopicArchive]:
    """Every topic that comes by mail, with the letters of those that are open; four statements."""
    versions = [
        each
        for each in current_versions(list(letter_topics()))
        if Channel.EMAIL in each.purpose.channels
    ]
    is_open = set(Archive.objects.filter(is_open=True).values_list("purpose_id", flat=True))
    letters: dict[UUID, list[Campaign]] = {}
    for each in (
        _for_everybody()
        .filter(Q(purpose_id__in=is_open) | Q(also__overlap=list(is_open)))
        .order_by(F("dispatch__started_at").desc())[: MOST * 2]
    ):
        for topic in is_open & {each.purpose_id, *each.also}:
            letters.setdefault(topic, []).append(each)
    return [
        TopicArchive(each, each.purpose_id in is_open, letters.get(each.purpose_id, []))
        for each in versions
    ]
