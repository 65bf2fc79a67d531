"""What this room adds to other rooms' pages: acts and timeline of a person, and the person's own
entries in the preference centre."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from akkoord.accounts.access import Action
from akkoord.consent.sections import PreferenceEntry, add_device_entry, add_entry
from akkoord.law.states import Channel
from akkoord.people.joining_steps import Join, JoinStep, add_join_step
from akkoord.people.models import ContactPoint
from akkoord.people.page import PersonAct, TimelineEntry, add_act, add_timeline_source
from akkoord.rights.joined import got_apart, got_of_both
from akkoord.rights.models import ErasurePending, RightsRequest
from akkoord.rights.queries import requests_of
from akkoord.rights.tokens import ACCESS, ERASURE, ask_link, mailed_link


def _timeline(person_ids: Sequence[UUID], limit: int) -> list[TimelineEntry]:
    """What the person asked."""
    return [
        TimelineEntry(
            at=each.received_at,
            icon="mail",
            title=_now("Asked: {what}").format(
                what=", ".join(str(RightsRequest.Kind(kind).label).lower() for kind in each.kinds)
            ),
            detail=str(RightsRequest.State(each.state).label),
            url=reverse("rights:request", args=[each.id]),
        )
        for each in requests_of(person_ids, limit)
    ]


class PreferenceUrl:
    """The asking link of one kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, point: ContactPoint, at: datetime) -> str:
        """The link of this contact point."""
        return ask_link(point_id=point.id, kind=self._kind, at=at)


class DeviceUrl:
    """The link of one kind from a device's own page.

    Of somebody whom we know by devices alone the device is all the proof there is, and enough
    (art. 12(6)). Somebody with a mailbox gets the link there: a device may be lent (INV-34).
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, point: ContactPoint, at: datetime) -> str:
        """The link of this device."""
        mailbox = ContactPoint.objects.filter(
            person_id=point.person_id, channel=Channel.EMAIL, ended_at=None
        ).first()
        if mailbox is not None:
            return ask_link(point_id=mailbox.id, kind=self._kind, at=at)
        return mailed_link(point_id=point.id, kind=self._kind, at=at)


add_timeline_source("rights", _timeline)
add_act(
    "keep",
    PersonAct(
        order=50,
        label=_("What we keep"),  # type: ignore[arg-type]
        url=lambda person: reverse("rights:keep", args=[person.id]),
    ),
)
add_act(
    "forget",
    PersonAct(
        order=900,
        label=_("Forget"),  # type: ignore[arg-type]
        url=lambda person: reverse("rights:forget", args=[person.id]),
        is_destructive=True,
        needs=Action.ERASE,
    ),
)
add_entry(
    "access",
    PreferenceEntry(
        order=10,
        label=_("See and download my data"),
        description=_("Everything we keep of you, to read and as a file."),
        url=PreferenceUrl(ACCESS),
    ),
)
add_entry(
    "erasure",
    PreferenceEntry(
        order=20,
        label=_("Forget me"),
        description=_("You see first what goes and what must stay. Then one press is enough."),
        url=PreferenceUrl(ERASURE),
        is_destructive=True,
    ),
)
add_device_entry(
    "access",
    PreferenceEntry(
        order=10,
        label=_("See and download my data"),
        description=_("Everything we keep of you, to read and as a file."),
        url=DeviceUrl(ACCESS),
    ),
)
add_device_entry(
    "erasure",
    PreferenceEntry(
        order=20,
        label=_("Forget me"),
        description=_("You see first what goes and what must stay. Then one press is enough."),
        url=DeviceUrl(ERASURE),
        is_destructive=True,
    ),
)


def _being_forgotten(join: Join) -> str:
    """Who is being forgotten is joined to nobody."""
    if ErasurePending.objects.filter(person_id__in=[join.old, join.new]).exists():
        return _now("One of these two is being forgotten right now.")
    return ""


add_join_step("rights", JoinStep(refuses=_being_forgotten, before=got_of_both, undo=got_apart))
