"""A second version of a letter: set it up, change how they are compared, go back to one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.ab_models import MILLION, AbTest
from akkoord.campaigns.actions import CampaignRefused, CampaignText
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.significance import FEWEST
from akkoord.campaigns.versions import keep_version
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Channel
from akkoord.register.queries import field_allowed, measuring_purpose
from akkoord.trail.actions import Actor, record_change

LONGEST_HOURS = 168
SALES = "last_purchase"
State, What, Measure = AbTest.State, AbTest.What, AbTest.Measure


@dataclass(frozen=True, slots=True)
class AbFacts:
    """What somebody chooses. `percent` of the people get each version, or `number` of them."""

    what: str
    measure: str
    subject_b: str = ""
    percent: int = 10
    number: int | None = None
    hours: int = 4
    asks: bool = False
    without_winner: str = AbTest.Without.A.value
    b_hours_later: int = 0


@transaction.atomic
def set_up_test(*, campaign_id: UUID, facts: AbFacts, at: datetime, actor: Actor) -> AbTest:
    """Give a letter a second version; a second time changes how they are compared.

    Refuses what was sent or is planned, a push message, and numbers that cannot be.
    """
    campaign = locked(campaign_id)
    _check(campaign, facts)
    test = AbTest.objects.filter(campaign=campaign).select_related("other").first()
    values = {
        "what": facts.what,
        "measure": facts.measure,
        "share": min(facts.percent * MILLION // 100, MILLION // 2),
        "number": facts.number,
        "hours": facts.hours,
        "asks": facts.asks,
        "without_winner": facts.without_winner,
        "b_hours_later": facts.b_hours_later if facts.what == What.TIME else 0,
    }
    if test is None:
        test = AbTest(campaign=campaign, other=_second(campaign, at=at, actor=actor), **values)
        test.save(force_insert=True)
    else:
        AbTest.objects.filter(id=test.id).update(**values)
        test.refresh_from_db()
    follow(campaign, test, facts.subject_b, at=at, actor=actor)
    record("campaign.ab-set-up", campaign, actor=actor, at=at)
    return test


def _check(campaign: Campaign, facts: AbFacts) -> None:
    if campaign.dispatch_id is not None:
        raise CampaignRefused("", _("This letter was sent already."))
    if campaign.channel != Channel.EMAIL or campaign.part:
        raise CampaignRefused("", _("Only a letter can have two versions."))
    _check_not_planned(campaign)
    if facts.what not in What.values or facts.measure not in Measure.values:
        raise CampaignRefused("what", _("Choose in what the versions differ."))
    if facts.what == What.SUBJECT and not facts.subject_b.strip():
        raise CampaignRefused("subject_b", _("Write the second subject."))
    if facts.what == What.SUBJECT and facts.subject_b.strip() == campaign.subject:
        raise CampaignRefused("subject_b", _("This is the same subject. Write another one."))
    _check_numbers(facts)
    check_measure(campaign, facts.measure)


def _check_not_planned(campaign: Campaign) -> None:
    if Plan.objects.filter(campaign=campaign, state=Plan.State.PLANNED).exists():
        raise CampaignRefused("", _("This letter is planned. Take it off the plan first."))


def _check_numbers(facts: AbFacts) -> None:
    if facts.number is None and not 1 <= facts.percent <= 50:
        raise CampaignRefused("percent", _("Each version goes to at most half of the people."))
    if facts.number is not None and facts.number < FEWEST:
        raise CampaignRefused("number", _("Take at least 5 people for each version."))
    if not 1 <= facts.hours <= LONGEST_HOURS:
        raise CampaignRefused("hours", _("Fill in a number of hours, from 1 to 168."))
    if facts.what == What.TIME and not 1 <= facts.b_hours_later <= LONGEST_HOURS:
        raise CampaignRefused("b_hours_later", _("Fill in a number of hours, from 1 to 168."))


def check_measure(campaign: Campaign, measure: str) -> None:
    """What is looked at must be allowed: purchases for the topic, opens by people themselves."""
    topics = (campaign.purpose, *campaign.also_topics)
    may_know = all(SALES in field_allowed(each.activity_key) for each in topics)
    if measure == Measure.PURCHASES and not may_know:
        raise CampaignRefused(
            "measure",
            _("This topic may not use purchases. Add the field to the topic, or take presses."),
        )
    if measure == Measure.OPENS and measuring_purpose() is None:
        raise CampaignRefused(
            "measure", _("Nobody was asked yet whether you may see what they open. Take presses.")
        )


def _second(campaign: Campaign, *, at: datetime, actor: Actor) -> Campaign:
    """Version B: the same letter, to be changed."""
    other = same_letter(campaign, Campaign.Part.VARIANT, _("{name} (B)"), at=at, actor=actor)
    keep_version(other, at=at, actor=actor)
    return other


def same_letter(
    campaign: Campaign, part: str, name: str, *, at: datetime, actor: Actor
) -> Campaign:
    """A letter with the same words, that belongs to this one."""
    text = {each: getattr(campaign, each) for each in CampaignText.__slots__}
    text["name"] = name.format(name=campaign.name)[:160]
    return Campaign.objects.create(
        id=uuid7(),
        purpose=campaign.purpose,
        channel=campaign.channel,
        part=part,
        created_by=actor.id,
        created_at=at,
        updated_at=at,
        **text,
    )


def follow(campaign: Campaign, test: AbTest, subject_b: str, *, at: datetime, actor: Actor) -> None:
    """B is as A is, but for that in which they differ."""
    other, keep = test.other, {"name"}
    if test.what == What.SUBJECT:
        keep |= {"subject"}
        other.subject = subject_b.strip()[:200] or other.subject
    if test.what == What.CONTENT:
        keep |= {"subject", "preheader", "body", "body_kind"}
    for name in CampaignText.__slots__:
        if name not in keep:
            setattr(other, name, getattr(campaign, name))
    other.version += 1
    other.updated_at = at
    other.save()
    keep_version(other, at=at, actor=actor)


@transaction.atomic
def drop_test(*, campaign_id: UUID, at: datetime, actor: Actor) -> bool:
    """One version again; answers whether there were two. Not after it began, nor while planned."""
    campaign = locked(campaign_id)
    _check_not_planned(campaign)
    test = AbTest.objects.filter(campaign=campaign, state=State.DRAFT).first()
    if test is None:
        return False
    other = test.other_id
    test.delete()
    Campaign.objects.filter(id=other).delete()
    record("campaign.ab-drop", campaign, actor=actor, at=at)
    return True


def locked(campaign_id: UUID) -> Campaign:
    """The letter, held until this transaction ends."""
    return (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("purpose")
        .get(id=campaign_id)
    )


def record(action: str, campaign: Campaign, *, actor: Actor, at: datetime) -> None:
    """One line in the trail about a letter with two versions."""
    record_change(actor=actor, action=action, object_kind="campaign", object_id=campaign.id, at=at)
