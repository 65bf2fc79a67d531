"""Verbs of the register: set up the organisation, make, revise and end topics.

A version is never edited in place: a change ends the old one and adds a new one, in one
transaction with its trail.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from akkoord.datamap.plain_words import name_problem
from akkoord.law.life_rules import LONGEST_LEAD_WEEKS, advised_months, may_last
from akkoord.law.purpose_rules import Outcome, Weighed
from akkoord.law.retention_rules import preset_of, preset_source
from akkoord.law.states import Basis, Channel
from akkoord.law.terms import law_day
from akkoord.register import presets
from akkoord.register.models import (
    ActivityField,
    Organisation,
    PersonalDataField,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
    Recipient,
    RetentionRule,
)
from akkoord.register.nobody import refuse_persons
from akkoord.register.presets_register import DATA, PROOFS
from akkoord.register.presets_trades import TRADE_ACTIVITIES
from akkoord.register.purpose_changes import Words, write_change
from akkoord.register.receiving import note_carriers
from akkoord.register.recipient_changes import tell_changed
from akkoord.register.refused import RegisterRefused as RegisterRefused
from akkoord.trail.actions import Actor, record_change
from akkoord.web.links import is_link

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What the first-run wizard asks of the controller."""

    name: str
    address: str
    contact_email: str
    trade: str = "shop"
    sender_name: str = ""
    sender_email: str = ""
    website: str = ""
    contact_phone: str = ""
    is_demo: bool = False


@transaction.atomic
def set_up_organisation(*, facts: OrganisationFacts, at: datetime, actor: Actor) -> Organisation:
    """Enter the controller and fill the register by the trade's presets (art. 30(1)).

    Refuses a second organisation: one installation serves one controller.
    """
    if Organisation.objects.filter(id=1).exists():
        raise RegisterRefused("name", _("Akkoord has been set up already."))
    sender = facts.sender_email or facts.contact_email
    house = Organisation.objects.create(
        id=1,
        name=facts.name,
        address=facts.address,
        contact_email=facts.contact_email,
        contact_phone=facts.contact_phone,
        website=facts.website,
        trade=facts.trade,
        sender_name=facts.sender_name or facts.name,
        sender_email=sender,
        mail_domain=sender.rpartition("@")[2].lower(),
        is_demo=facts.is_demo,
        created_at=at,
        updated_at=at,
    )
    fill_catalogue(at=at)
    activities = (*presets.SYSTEM_ACTIVITIES, *TRADE_ACTIVITIES[facts.trade])
    _enter(activities, at=at, actor=actor)  # who carries them comes after: below
    keys = [preset.key for preset in activities]
    Recipient.objects.bulk_create(
        Recipient(
            key=key,
            name=facts.name,
            role=role,
            service_nl=service.nl,
            service_en=service.en,
            activity_keys=keys,
            valid_from=at,
        )
        for key, role, service in presets.RECIPIENTS
    )
    record_change(
        actor=actor,
        action="organisation.set-up",
        object_kind="organisation",
        object_id=None,
        fields=(
            "name",
            "address",
            "contact_email",
            "trade",
            "sender_name",
            "sender_email",
        ),
        at=at,
    )
    return house


def fill_catalogue(*, at: datetime) -> None:
    """Put the presets' fields into the catalogue; those that are there stay as they are."""
    PersonalDataField.objects.bulk_create(
        (
            PersonalDataField(
                key=each.key,
                name_nl=each.name.nl,
                name_en=each.name.en,
                category=each.category,
                created_at=at,
            )
            for each in presets.FIELDS
        ),
        ignore_conflicts=True,
    )


def enter_activity(
    preset: presets.ActivityPreset, *, at: datetime, actor: Actor, version: int = 1
) -> None:
    """Enter an activity with the fields it may use and its term, as the preset proposes.

    Who carries all that Akkoord does receives it from then on (INV-29, 42).
    """
    _enter((preset,), at=at, actor=actor, version=version)
    note_carriers(preset.key, at=at)


def _enter(
    given: Sequence[presets.ActivityPreset], *, at: datetime, actor: Actor, version: int = 1
) -> None:
    """The rows of activities, their fields and their terms; four statements, however many."""
    ProcessingActivity.objects.bulk_create(
        _activity(each, at=at, actor=actor, version=version) for each in given
    )
    wanted = {use.key for each in given for use in each.fields}
    fields = {each.key: each for each in PersonalDataField.objects.filter(key__in=wanted)}
    ActivityField.objects.bulk_create(
        ActivityField(
            activity_key=each.key,
            field=fields[use.key],
            why_nl=use.why.nl,
            why_en=use.why.en,
            admitted_at=at,
        )
        for each in given
        for use in each.fields
    )
    RetentionRule.objects.bulk_create(_term(each, at=at, actor=actor) for each in given)


def _activity(
    preset: presets.ActivityPreset, *, at: datetime, actor: Actor, version: int
) -> ProcessingActivity:
    proof, data = PROOFS.get(preset.key), DATA.get(preset.key, ())
    return ProcessingActivity(
        key=preset.key,
        version=version,
        name_nl=preset.name.nl,
        name_en=preset.name.en,
        purpose_nl=preset.purpose.nl,
        purpose_en=preset.purpose.en,
        legal_basis=preset.basis,
        telecom_basis=preset.telecom_basis,
        purpose_classes=list(preset.purpose_classes),
        subjects=list(preset.subjects),
        security_nl=presets.SECURITY.nl,
        security_en=presets.SECURITY.en,
        proof_nl=proof.nl if proof else "",
        proof_en=proof.en if proof else "",
        data_nl=[words.nl for words in data],
        data_en=[words.en for words in data],
        is_system=preset.is_system,
        published_at=at,
        valid_from=at,
        changed_by=actor.id,
    )


def _term(preset: presets.ActivityPreset, *, at: datetime, actor: Actor) -> RetentionRule:
    return RetentionRule(
        activity_key=preset.key,
        trigger=preset.trigger,
        months=preset.months,
        days=preset.days,
        criterion_nl=preset.term.nl,
        criterion_en=preset.term.en,
        action=preset_of(preset.key).effects[0],
        ground=preset_source(preset.key, law_day(at)),
        valid_from=at,
        changed_by=actor.id,
    )


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic in both languages."""

    name_nl: str
    name_en: str
    description_nl: str
    description_en: str
    frequency_nl: str = ""
    frequency_en: str = ""

    def check(self) -> None:
        """Raise RegisterRefused for an empty text and a name that gives people away (INV-32).

        And for words that point to somebody: they stand in the register (INV-30).
        """
        for field in ("name_nl", "name_en", "description_nl", "description_en"):
            if not getattr(self, field).strip():
                raise RegisterRefused(
                    field, _("Fill in this text: people must know what they choose.")
                )
        for field in ("name_nl", "name_en"):  # a yes to a topic says it of who gave it (INV-32)
            if problem := name_problem(getattr(self, field)):
                raise RegisterRefused(field, problem)
        refuse_persons(asdict(self))


@transaction.atomic
def create_topic(
    *,
    slug: str,
    words: TopicWords,
    channels: Sequence[str] = (Channel.EMAIL,),
    at: datetime,
    actor: Actor,
    asks_age: bool = False,
    measures: bool = False,
) -> Purpose:
    """A topic with a processing activity of its own, so that its fields and term are its own.

    The activity starts with e-mail, first and last name and language, one that `measures` with
    e-mail alone (minimisation). Refuses a slug that is malformed or taken.
    """
    words.check()
    if not SLUG.match(slug):
        raise RegisterRefused(
            "slug",
            _("Use small letters, digits and hyphens, for example “newsletter”."),
        )
    activity_key = f"topic-{slug}"
    try:
        with transaction.atomic():
            purpose = Purpose.objects.create(
                slug=slug,
                activity_key=activity_key,
                channels=list(channels),
                frequency_nl=words.frequency_nl,
                frequency_en=words.frequency_en,
                asks_age=asks_age,
                measures=measures,
                refresh_weeks=0 if measures else 4,
                consent_months=advised_months(at),
                created_at=at,
            )
    except IntegrityError:
        raise RegisterRefused("slug", _("There is a topic with this name already.")) from None
    PurposeVersion.objects.create(
        purpose=purpose,
        number=1,
        name_nl=words.name_nl,
        name_en=words.name_en,
        description_nl=words.description_nl,
        description_en=words.description_en,
        valid_from=at,
        changed_by=actor.id,
    )
    fill_catalogue(at=at)
    enter_activity(
        presets.ActivityPreset(
            key=activity_key,
            name=presets.Words(words.name_nl, words.name_en),
            purpose=presets.Words(words.description_nl, words.description_en),
            basis=Basis.CONSENT,
            telecom_basis=Basis.CONSENT,
            purpose_classes=(presets.MARKETING,),
            subjects=("dpv:Subscriber",),
            fields=presets.MEASURING_FIELDS if measures else presets.CONTACT_FIELDS,
            term=presets.MEASURING_TERM if measures else presets.TOPIC_TERM,
            trigger="withdrawal",
            days=30,
            is_system=False,
        ),
        at=at,
        actor=actor,
    )
    _follow_channels(activity_key, channels, at=at)
    record_change(
        actor=actor,
        action="topic.create",
        object_kind="topic",
        object_id=purpose.id,
        at=at,
    )
    return purpose


def _follow_channels(activity_key: str, channels: Sequence[str], *, at: datetime) -> None:
    """Enter in the register what these channels need, and end what only others brought."""
    needed = {use.key: use for each in channels for use in presets.CHANNEL_FIELDS.get(each, ())}
    known = {each.key: each for each in PersonalDataField.objects.filter(key__in=needed)}
    for use in needed.values():
        ActivityField.objects.get_or_create(
            activity_key=activity_key,
            field=known[use.key],
            ended_at=None,
            defaults={"why_nl": use.why.nl, "why_en": use.why.en, "admitted_at": at},
        )
    brought = {use.key: use for uses in presets.CHANNEL_FIELDS.values() for use in uses}
    for key in brought.keys() - needed.keys():  # what the owner let it use for a reason stays
        ActivityField.objects.filter(
            activity_key=activity_key,
            field__key=key,
            why_nl=brought[key].why.nl,
            ended_at=None,
        ).update(ended_at=at)
    if Channel.PUSH in channels:
        _add_push_carrier(activity_key, at=at)
    else:
        Recipient.objects.filter(key=presets.PUSH_RECIPIENT, valid_to=None).update(
            activity_keys=Func(F("activity_keys"), Value(activity_key), function="array_remove")
        )


def _add_push_carrier(activity_key: str, *, at: datetime) -> None:
    """Enter in the register who carries push messages."""
    carrier, _made = Recipient.objects.get_or_create(
        key=presets.PUSH_RECIPIENT,
        valid_to=None,
        defaults={
            "name": presets.PUSH_SERVICE_NAME,
            "role": "independent",
            "service_nl": presets.PUSH_SERVICE.nl,
            "service_en": presets.PUSH_SERVICE.en,
            "country": "US",
            "safeguard": presets.PUSH_SAFEGUARD,
            "valid_from": at,
        },
    )
    if activity_key not in carrier.activity_keys:
        carrier.activity_keys = [*carrier.activity_keys, activity_key]
        carrier.save(update_fields=["activity_keys"])


@transaction.atomic
def offer_channels(
    *, purpose_id: UUID, channels: Sequence[str], at: datetime, actor: Actor
) -> Purpose:
    """Say over which channels a topic comes; the register follows (art. 30).

    Each channel needs a yes of its own (INV-12), so a new one reaches nobody yet; one that goes
    reaches nobody from the next second. Refuses none at all.
    """
    wanted = [each.value for each in Channel if each in channels]
    if not wanted:
        raise RegisterRefused("channels", _("Choose at least one way in which this comes."))
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    if wanted == purpose.channels:
        return purpose
    if purpose.measures:
        raise RegisterRefused("channels", _("Nothing is sent for this, so it comes in no way."))
    purpose.channels = wanted
    purpose.save(update_fields=["channels"])
    fill_catalogue(at=at)
    _follow_channels(purpose.activity_key, wanted, at=at)
    tell_changed([purpose.activity_key], at=at, actor=actor)
    record_change(
        actor=actor,
        action="topic.channels",
        object_kind="topic",
        object_id=purpose.id,
        fields=("channels",),
        at=at,
    )
    return purpose


@transaction.atomic
def revise_topic(
    *,
    purpose_id: UUID,
    words: TopicWords,
    is_material: bool,
    at: datetime,
    actor: Actor,
) -> PurposeVersion:
    """New words for a topic: a new version, the old one stays.

    `is_material`: the change means something to people, so consent to older words no longer
    covers it (art. 4(11): specific and informed).
    """
    words.check()
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    if purpose.ended_at is not None:
        raise RegisterRefused("slug", _("This topic has ended."))
    old = purpose.versions.get(valid_to=None)
    if (old.description_nl, old.description_en) != (words.description_nl, words.description_en):
        _note_purpose(purpose, old, words, is_material=is_material, at=at, actor=actor)
    version = _next_words(purpose, old, words, at=at, actor=actor)
    purpose.frequency_nl, purpose.frequency_en = words.frequency_nl, words.frequency_en
    if is_material:
        purpose.consent_version = version.number
    purpose.save(update_fields=["frequency_nl", "frequency_en", "consent_version"])
    record_change(
        actor=actor,
        action="topic.revise",
        object_kind="topic",
        object_id=purpose.id,
        fields=("name", "description", *(("consent_version",) if is_material else ())),
        at=at,
    )
    return version


def _note_purpose(
    purpose: Purpose,
    old: PurposeVersion,
    words: TopicWords,
    *,
    is_material: bool,
    at: datetime,
    actor: Actor,
) -> None:
    """Write down what a topic's new words are: a topic rests on consent, so another purpose needs
    a new yes, and there is nothing to weigh (art. 6(4))."""
    write_change(
        activity_key=purpose.activity_key,
        words=Words(
            old.description_nl, old.description_en, words.description_nl, words.description_en
        ),
        outcome=Outcome.CONSENT_ANEW if is_material else Outcome.SAME,
        weighed=Weighed(is_same=not is_material),
        at=at,
        actor=actor,
    )


def ask_anew(
    purpose: Purpose, *, description: tuple[str, str], at: datetime, actor: Actor
) -> PurposeVersion:
    """A topic gets another purpose: a new version, and an older yes covers it no more."""
    old = purpose.versions.get(valid_to=None)
    words = TopicWords(old.name_nl, old.name_en, *description)
    version = _next_words(purpose, old, words, at=at, actor=actor)
    purpose.consent_version = version.number
    purpose.save(update_fields=["consent_version"])
    return version


def _next_words(
    purpose: Purpose, old: PurposeVersion, words: TopicWords, *, at: datetime, actor: Actor
) -> PurposeVersion:
    """End the words that stand and add the new ones."""
    old.valid_to = at
    old.save(update_fields=["valid_to"])
    return PurposeVersion.objects.create(
        purpose=purpose,
        number=old.number + 1,
        name_nl=words.name_nl,
        name_en=words.name_en,
        description_nl=words.description_nl,
        description_en=words.description_en,
        valid_from=at,
        changed_by=actor.id,
    )


@transaction.atomic
def set_consent_life(
    *,
    purpose_id: UUID,
    months: int | None,
    refresh_weeks: int,
    reminds_yearly: bool,
    at: datetime,
    actor: Actor,
) -> Purpose:
    """How long a yes to this topic counts, when it is asked anew, whether it is told once a year.

    For yeses from now on: an older one keeps the term of its own day. Refuses a term under three
    months or over five years, and asking more than twelve weeks ahead.
    """
    if not may_last(months):
        raise RegisterRefused("months", _("Choose from 3 to 60 months, or leave it empty."))
    if not 0 <= refresh_weeks <= LONGEST_LEAD_WEEKS:
        raise RegisterRefused("refresh_weeks", _("Choose from 0 to 12 weeks."))
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    sends = not purpose.measures  # nothing is sent for a yes to measuring (INV-28)
    wanted = {
        "consent_months": months,
        "refresh_weeks": refresh_weeks * sends,
        "reminds_yearly": reminds_yearly and sends,
    }
    changed = [name for name, value in wanted.items() if getattr(purpose, name) != value]
    if changed:
        for name in changed:
            setattr(purpose, name, wanted[name])
        purpose.save(update_fields=changed)
        record_change(
            actor=actor,
            action="topic.life",
            object_kind="topic",
            object_id=purpose.id,
            fields=tuple(changed),
            at=at,
        )
    return purpose


@transaction.atomic
def end_topic(*, purpose_id: UUID, at: datetime, actor: Actor) -> None:
    """End a topic: nothing more is sent for it; its history and proof stay."""
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    if purpose.ended_at is not None:
        return
    purpose.ended_at = at
    purpose.save(update_fields=["ended_at"])
    ProcessingActivity.objects.filter(key=purpose.activity_key, valid_to=None).update(valid_to=at)
    record_change(
        actor=actor,
        action="topic.end",
        object_kind="topic",
        object_id=purpose.id,
        at=at,
    )


@transaction.atomic
def change_organisation(*, values: dict[str, str], at: datetime, actor: Actor) -> Organisation:
    """Change the controller's details; the trail holds the names of the fields that changed.

    Refuses an address of a page that is none.
    """
    for name in ("website", "terms_url", "privacy_url"):
        if values.get(name) and not is_link(values[name]):
            raise RegisterRefused(name, _("Begin the address with https://."))
    house = Organisation.objects.select_for_update().get(id=1)
    before = house.name
    changed = [name for name, value in values.items() if getattr(house, name) != value]
    for name in changed:
        setattr(house, name, values[name])
    if "sender_email" in changed:
        house.mail_domain = house.sender_email.rpartition("@")[2].lower()
    house.updated_at = at
    house.save()
    if house.name != before:  # our own computers are called after us: they stay ours
        _rename_own(before, house.name, at=at, actor=actor)
    if changed:
        record_change(
            actor=actor,
            action="organisation.change",
            object_kind="organisation",
            object_id=None,
            fields=tuple(changed),
            at=at,
        )
    return house


def _rename_own(before: str, name: str, *, at: datetime, actor: Actor) -> None:
    """Our own computers under our new name, also on the forms that tell of them (art. 13)."""
    own = Recipient.objects.filter(name=before, valid_to=None)
    keys = {key for each in own for key in each.activity_keys}
    own.update(name=name)
    tell_changed(keys, at=at, actor=actor)
