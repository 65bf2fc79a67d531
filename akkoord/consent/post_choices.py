"""What comes to somebody by post, and why: a yes of their own, or our interest (INV-19, art. 21).

Whether a letter may leave is the gate's alone; it stands higher and plugs in here
(`judge_letters_by`), so that this page says what the gate says.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.consent.grants import grant_from_preference_centre
from akkoord.consent.models import CollectionPoint, Standing
from akkoord.consent.notices import hash_snapshot, keep_collection_point, keep_notice
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.shown import letters_snapshot, notice_text
from akkoord.consent.tokens import why_link
from akkoord.consent.withdraw import withdraw
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES, STOP_STATES, Basis, Channel, Method
from akkoord.people.models import ContactPoint
from akkoord.register.balancing import current_test
from akkoord.register.models import Purpose, PurposeVersion, language_now
from akkoord.register.queries import current_versions, post_topics
from akkoord.trail.actions import Actor

Judge = Callable[[Sequence[UUID], Purpose, datetime], Collection[UUID]]
_judges: list[Judge] = []


def judge_letters_by(judge: Judge) -> None:
    """Plug the gate in: which of these addresses may get a letter about a topic now."""
    _judges[:] = [judge]


@dataclass(frozen=True, slots=True)
class PostRow:
    """One topic by post to one door: on or off, and on what that rests."""

    point: UUID
    purpose: UUID
    name: str
    words: str  # what a press on the button says yes to
    door: str
    is_on: bool
    by_interest: bool
    said_no: bool
    asks_age: bool
    why_url: str


@dataclass(frozen=True, slots=True)
class PostPart:
    """The rows, and the name of the words that stand at their buttons."""

    rows: list[PostRow]
    shown: str


def post_part(person_id: UUID, *, at: datetime) -> PostPart | None:
    """What comes by post to this person; None: we know no door, or no topic comes by post."""
    doors = list(
        ContactPoint.objects.filter(
            person_id=person_id, channel=Channel.POST, ended_at=None
        ).order_by("id")
    )
    versions = current_versions(post_topics()) if doors else []
    if not versions:
        return None
    ids = [each.id for each in doors]
    said = {
        (each.contact_point_id, each.purpose_id): each
        for each in Standing.objects.filter(contact_point__in=ids)
    }
    snapshot = letters_snapshot(versions, language_now())
    boxes = {each["version"]: each for each in snapshot["topics"]}
    rows = [
        _row(door, version, boxes, said.get((door.id, version.purpose_id)), allowed, at=at)
        for version in versions
        for allowed in [_allowed(ids, version.purpose, at=at)]
        for door in doors
    ]
    return PostPart(rows, hash_snapshot(snapshot))


def _row(
    door: ContactPoint,
    version: PurposeVersion,
    boxes: dict[str, dict[str, str]],
    standing: Standing | None,
    allowed: Collection[UUID],
    *,
    at: datetime,
) -> PostRow:
    box, purpose = boxes[str(version.id)], version.purpose_id
    has_yes = _is_yes(standing)
    by_interest = not has_yes and door.id in allowed
    is_on = has_yes or by_interest
    return PostRow(
        point=door.id,
        purpose=purpose,
        name=box["name"],
        words=box["sentence"],
        door=door.value,
        is_on=is_on,
        by_interest=by_interest,
        said_no=standing is not None and standing.state in STOP_STATES,
        asks_age=version.purpose.asks_age,
        why_url=why_link(point_id=door.id, purpose_id=purpose, at=at) if is_on else "",
    )


def _is_yes(standing: Standing | None) -> bool:
    return (
        standing is not None and standing.state in LIVE_STATES and standing.basis == Basis.CONSENT
    )


def _allowed(points: Sequence[UUID], purpose: Purpose, *, at: datetime) -> Collection[UUID]:
    return _judges[0](points, purpose, at) if _judges else ()


def interest_of_letter(point: ContactPoint, purpose: Purpose, *, at: datetime) -> str:
    """What we want with a letter that leaves without a yes (art. 13(1)(d)); empty: it has one,
    or none leaves."""
    standing = Standing.objects.filter(contact_point=point, purpose=purpose).first()
    if point.channel != Channel.POST or _is_yes(standing):
        return ""
    if point.id not in _allowed([point.id], purpose, at=at):
        return ""
    test = current_test(purpose.activity_key)
    return test.interest if test else ""


def letters_point(*, language: str, at: datetime) -> CollectionPoint:
    """The frozen words at the buttons for post. Refuses when no topic comes by post."""
    versions = current_versions(post_topics())
    if not versions:
        raise ConsentRefused(Reason.PURPOSE_ENDED)
    snapshot = letters_snapshot(versions, language)
    text = notice_text(snapshot, language)
    return keep_collection_point(
        kind="preferences-post",
        language=language,
        snapshot=snapshot,
        notice=keep_notice(kind="preferences", language=language, text=text, at=at),
        versions=versions,
        at=at,
    )


def stop_letters(door: ContactPoint, purpose_id: UUID, *, at: datetime) -> None:
    """No letters about a topic any more, on whatever they rested (INV-34, art. 21(3))."""
    withdraw(
        point_id=door.id,
        purpose_id=purpose_id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=at,
    )


def ask_letters(
    door: ContactPoint, purpose_id: UUID, *, shown: str, said_sixteen: bool, at: datetime
) -> str:
    """A yes to post, in the words that were on the screen; a sentence when that cannot be."""
    words = letters_point(language=language_now(), at=at)
    if words.sha256 != shown:
        return _("The words changed while you were here. Look again and save.")
    version = PurposeVersion.objects.select_related("purpose").get(
        purpose_id=purpose_id, id__in=words.purpose_version_ids
    )
    if version.purpose.asks_age and not said_sixteen:
        raise ConsentRefused(Reason.CHILD_WITHOUT_PARENT)
    grant_from_preference_centre(
        point_id=door.id, version=version, shown=words, at=at, said_sixteen=said_sixteen
    )
    return ""


def door_of(person_id: UUID, point: str, purpose: str) -> tuple[ContactPoint, UUID] | None:
    """A door of this person and a topic by post, as they were posted; None: something else was."""
    topics = {str(each.id): each.id for each in post_topics()}
    doors = ContactPoint.objects.filter(person_id=person_id, channel=Channel.POST, ended_at=None)
    found = {str(each.id): each for each in doors}
    if point not in found or purpose not in topics:
        return None
    return found[point], topics[purpose]
