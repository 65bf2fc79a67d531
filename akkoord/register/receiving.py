"""Which companies may receive data, and which of them carry whatever Akkoord does (INV-42).

A processor without a contract, or one outside the EEA without a fitting ground, receives nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.law.register_rules import STOPS, Fault, Receiving, faults_of_recipient
from akkoord.law.terms import law_day
from akkoord.register.known_companies import KNOWN
from akkoord.register.models import Organisation, ProcessingActivity, Recipient
from akkoord.register.presets import PUSH_RECIPIENT, SYSTEM_ACTIVITIES
from akkoord.register.refused import RegisterRefused

_SYSTEM = frozenset(each.key for each in SYSTEM_ACTIVITIES)
OWN_COMPUTER = "hosting"  # the key of the computer that Akkoord runs on
_HOSTING = frozenset(key for key, each in KNOWN.items() if each.kind == "hosting")


def faults_of(recipient: Recipient, on: date, house_name: str) -> tuple[Fault, ...]:
    """What is wrong with a company that receives data; the organisation's own computer: nothing."""
    return faults_of_recipient(
        Receiving(
            role=recipient.role,
            country=recipient.country,
            ground=recipient.safeguard,
            contract_on=recipient.contract_on,
            is_own=recipient.name == house_name,
            has_subprocessors=bool(recipient.subprocessors),
            review_on=recipient.review_on,
            checked_on=recipient.checked_on,
        ),
        on,
    )


def stop_of(recipient: Recipient, on: date) -> Fault | None:
    """Why it may receive nothing; None: it may (INV-42)."""
    found = faults_of(recipient, on, house_name())
    return next((each for each in found if each in STOPS), None)


def may_receive(recipient: Recipient, on: date) -> bool:
    """Whether it may receive data at all (INV-42)."""
    return stop_of(recipient, on) is None


def blocked_now(recipients: Sequence[Recipient], on: date) -> set[str]:
    """The keys of those that may receive nothing yet; one query for all of them (INV-42)."""
    house = house_name()
    return {each.key for each in recipients if STOPS & set(faults_of(each, on, house))}


def refuse_blocked(recipient: Recipient, field: str, on: date) -> None:
    """Raise RegisterRefused for a company that may receive nothing yet (INV-42)."""
    if not may_receive(recipient, on):
        raise RegisterRefused(
            field,
            _("%(name)s may receive nothing yet: its contract or ground is lacking.")
            % {"name": recipient.name},
        )


def demand_receiver(recipient_id: UUID, field: str, on: date) -> None:
    """Raise RegisterRefused for a company that ended, or that may receive nothing yet (INV-42).

    By any version of it: what holds is the one that lives.
    """
    keys = Recipient.objects.filter(id=recipient_id).values("key")
    living = Recipient.objects.filter(key__in=keys, valid_to=None).first()
    if living is None:
        raise RegisterRefused(field, _("This company receives nothing any more."))
    refuse_blocked(living, field, on)


def house_name() -> str:
    """What the organisation is called; empty before it was set up."""
    return Organisation.objects.values_list("name", flat=True).filter(id=1).first() or ""


def note_carriers(activity_key: str, *, at: datetime, hosts_alone: bool = False) -> None:
    """Let who carries all that Akkoord does carry a new activity too; nobody else, and nobody who
    may receive nothing (INV-42).

    That is the computer that Akkoord runs on, and who stands under everything else that Akkoord
    performs: its hosting, the mail servers in use. A bookkeeper, a print house or who hosts the
    website alone receives it only when somebody says so. `hosts_alone`: it is mailed to nobody.
    """
    now = ProcessingActivity.objects.filter(valid_to=None, key__in=_SYSTEM - {activity_key})
    system = set(now.values_list("key", flat=True))
    found = list(
        Recipient.objects.select_for_update()
        .filter(valid_to=None)
        .exclude(activity_keys__contains=[activity_key])
        .exclude(activity_keys=[])
        .exclude(key=PUSH_RECIPIENT)  # follows the channels of a topic
        .order_by("id")
    )
    blocked = blocked_now(found, law_day(at))
    for each in found:
        carries_all = each.key == OWN_COMPUTER or (system and system <= set(each.activity_keys))
        if hosts_alone and each.key != OWN_COMPUTER and each.key not in _HOSTING:
            continue
        if carries_all and each.key not in blocked:
            each.activity_keys = [*each.activity_keys, activity_key]
            each.save(update_fields=["activity_keys"])
