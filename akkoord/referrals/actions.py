"""Verbs of the room: what is offered, one mail on a customer's behalf, and cards."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.consent.actions import suppress
from akkoord.consent.models import Standing, Suppression
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.ip import truncate_ip
from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.referral_rules import MOST_NAME, MOST_WORDS, has_link, judge_programme
from akkoord.law.sending_rules import judge_referral
from akkoord.law.states import STOP_STATES, Channel
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.referrals.letter import Letter, write_letter
from akkoord.referrals.models import Card, CardUse, Programme, Tip
from akkoord.referrals.queries import card_of, living_card, programme
from akkoord.referrals.tokens import is_seen, seen_mark
from akkoord.trail.actions import Actor, record_change

ONE_MAIL = "one-mail"
SCOPE = "tip:one-mail"  # no topic can be called so: slugs have no colon
PER_PERSON = 3  # mails a day
PER_NETWORK = 20  # an hour, from one /24 or /48
IN_ALL = 200  # an hour, for the whole organisation
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike


class ReferralRefused(Exception):
    """Something that cannot be done; `field` names where, `sentence` says why and what else."""

    def __init__(self, field: str, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
        self.reason = reason


@transaction.atomic
def save_programme(*, values: dict[str, Any], at: datetime, actor: Actor) -> Programme:
    """What the organisation offers. Refuses a reward beside the mail, or in its words (INV-27), and
    a way that is on without words."""
    for name in ("mail", "card"):
        if values[f"{name}_is_on"] and not values[f"{name}_nl"].strip():
            raise ReferralRefused(f"{name}_nl", _("Write what it says. Nothing goes out empty."))
    verdict = judge_programme(
        is_mail_on=values["mail_is_on"],
        mail_words=f"{values['mail_nl']} {values['mail_en']}",
        reward=f"{values['reward_nl']} {values['reward_en']}",
    )
    if not verdict:
        at_reward = values["reward_nl"].strip() or values["reward_en"].strip()
        raise ReferralRefused(
            "reward_nl" if at_reward else "mail_nl",
            _(
                "A mail by which somebody can earn or win something is no tip but spam, for the "
                "one who sends and the one who gets it (art. 11.7 Telecommunicatiewet). Leave the "
                "reward out, or switch the mail off and let your customers give the card."
            ),
            Reason.REWARD_FOR_SHARING,
        )
    saved, _new = Programme.objects.update_or_create(
        id=1, defaults=values | {"updated_at": at, "updated_by": actor.id}
    )
    record_change(actor=actor, action="referrals.save", object_kind="programme", at=at)
    return saved


@dataclass(frozen=True, slots=True)
class TipFacts:
    """What a customer filled in: to whom, their own name and words."""

    friend: str
    sender_name: str
    words: str = ""


def look_at_tip(*, point: ContactPoint, facts: TipFacts, language: str) -> tuple[Letter, str]:
    """The whole letter as the friend would get it, and the mark that it was shown (INV-27).

    Nothing is kept and nobody is asked. Refuses what cannot go.
    """
    letter, friend = _letter(point, facts, language)
    return letter, seen_mark(point.id, letter=letter.whole, friend=friend)


def send_tip(
    *, point: ContactPoint, facts: TipFacts, mark: str, language: str, ip: str, at: datetime
) -> None:
    """Send the one mail of a customer to a friend, when it may be sent.

    Refused: a letter that its sender did not see like this, one's own address, too many. Whoever
    said no to us, or had such a mail before, gets none, and the sender is told the same: whether
    we know somebody is nobody's business. The address stands in the outbox until it left, and a
    keyed hash is all that stays.
    """
    letter, friend = _letter(point, facts, language)
    network = truncate_ip(ip) or ""
    with transaction.atomic():
        ContactPoint.objects.select_for_update(no_key=True).get(id=point.id)
        _demand_room(point.person_id, network, at=at)
        digest = keyed_hash(friend)
        verdict = judge_referral(
            has_reward=False,  # the database lets no reward stand beside the mail
            is_previewed=is_seen(mark, point.id, letter=letter.whole, friend=friend),
            is_suppressed=_wants_none(friend, digest),
        )
        if not verdict and verdict.reason is Reason.NOT_PREVIEWED:
            raise ReferralRefused(
                "", _("Something changed. Look at the letter once more."), Reason.NOT_PREVIEWED
            )
        Tip.objects.create(person_id=point.person_id, asked_at=at, network=network)
        if not verdict:
            return
        suppress(
            keyed_hash=digest,
            channel=Channel.EMAIL,
            reason=ONE_MAIL,
            scope=SCOPE,
            at=at,
            actor=Actor.person(),
        )
        _hand_over(letter, facts.friend.strip(), point, at=at)


def _hand_over(letter: Letter, friend: str, point: ContactPoint, *, at: datetime) -> None:
    try:
        enqueue_mail(
            kind=MessageKind.TELL_A_FRIEND,
            recipient=friend,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            subject_id=point.person_id,
            headers=letter.headers,
            at=at,
        )
    except UnfitMail:
        raise _bad_address() from None


def _letter(point: ContactPoint, facts: TipFacts, language: str) -> tuple[Letter, str]:
    """The letter and the friend's address in its one spelling, checked."""
    offered = programme()
    if offered is None or not offered.mail_is_on:
        raise ReferralRefused("", _("This is not offered any more."))
    try:
        friend = normalise_email(facts.friend)
    except BadIdentifier:
        raise _bad_address() from None
    own = ContactPoint.objects.filter(person_id=point.person_id, normalised=friend)
    if own.exists():
        raise ReferralRefused("friend", _("This is your own address."))
    name = " ".join(facts.sender_name.split())
    if not name or len(name) > MOST_NAME:
        raise ReferralRefused("sender_name", _("Say who you are: your friend must know."))
    for field, text in (("sender_name", name), ("words", facts.words)):
        if has_link(text):
            raise ReferralRefused(field, _("No web or mail addresses here, please."))
    if len(facts.words) > MOST_WORDS:
        raise ReferralRefused("words", _("A little shorter, please: 300 characters at most."))
    return write_letter(
        offered,
        name=name,
        words=facts.words.strip(),
        friend_hash=keyed_hash(friend),
        language=language,
    ), friend


def _bad_address() -> ReferralRefused:
    return ReferralRefused("friend", _("This is no e-mail address that can work."))


def _wants_none(friend: str, digest: bytes) -> bool:
    """Whether this address said no to us, or had its one mail. Unknown people may have one."""
    if Suppression.objects.filter(
        keyed_hash=digest,
        channel=Channel.EMAIL,
        scope__in=[Suppression.ALL_MARKETING, SCOPE],
    ).exists():
        return True
    known = ContactPoint.objects.filter(normalised=friend, channel=Channel.EMAIL, ended_at=None)
    if known.filter(person__restricted_at__isnull=False).exists():
        return True
    return Standing.objects.filter(contact_point__in=known, state__in=STOP_STATES).exists()


def _demand_room(person_id: UUID, network: str, *, at: datetime) -> None:
    """Secured against automated sending (OPTA/CBP 2008, the fifth condition)."""
    own = Tip.objects.filter(person_id=person_id, asked_at__gt=at - DAY).count()
    near = Tip.objects.filter(network=network, asked_at__gt=at - HOUR).count() if network else 0
    if own >= PER_PERSON or near >= PER_NETWORK or _lately(at) >= IN_ALL:
        raise ReferralRefused(
            "",
            _("That were enough tips for today. Give a card, or try again tomorrow."),
            Reason.TOO_MANY_ATTEMPTS,
        )


def _lately(at: datetime) -> int:
    return Tip.objects.filter(asked_at__gt=at - HOUR).count()


@transaction.atomic
def want_none(*, keyed_hash: bytes, at: datetime) -> None:
    """A friend wants nothing from us, ever: their mailbox is kept out by its keyed hash alone."""
    suppress(
        keyed_hash=keyed_hash,
        channel=Channel.EMAIL,
        reason="objection",
        at=at,
        actor=Actor.person(),
    )


@transaction.atomic
def make_card(*, person_id: UUID, at: datetime) -> Card:
    """The card of a customer, made once; theirs to give away. Refuses when none are offered."""
    offered = programme()
    if offered is None or not offered.card_is_on:
        raise ReferralRefused("", _("This is not offered any more."))
    known = card_of(person_id)
    if known is not None:
        return known
    code = "".join(secrets.choice(_CODE) for _place in range(7))
    card, _new = Card.objects.get_or_create(
        person_id=person_id, ended_at=None, defaults={"code": code, "made_at": at}
    )
    return card


@transaction.atomic
def end_card(*, person_id: UUID, at: datetime) -> None:
    """The customer's card stops working; what it brought stays."""
    Card.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at)


@transaction.atomic
def record_use(*, code: str, used_on: date, at: datetime, actor: Actor) -> CardUse:
    """A new customer named a code. Refuses a code that is not there, and a day to come."""
    card = living_card(code)
    if card is None:
        raise ReferralRefused("code", _("There is no card with this code."))
    if used_on > law_day(at) + DAY:
        raise ReferralRefused("used_on", _("This day is still to come."))
    use = CardUse.objects.create(card=card, used_on=used_on, by_staff=actor.id)
    record_change(
        actor=actor,
        action="referrals.use",
        object_kind="card",
        object_id=card.id,
        subject_id=card.person_id,
        at=at,
    )
    return use


@transaction.atomic
def record_reward(*, use_id: UUID, on: date, at: datetime, actor: Actor) -> None:
    """The giver of a card got what was promised. Twice is once."""
    use = CardUse.objects.select_for_update().select_related("card").get(id=use_id)
    if use.rewarded_on is None:
        use.rewarded_on = on
        use.save(update_fields=["rewarded_on"])
        record_change(
            actor=actor,
            action="referrals.reward",
            object_kind="card",
            object_id=use.card_id,
            subject_id=use.card.person_id,
            at=at,
        )
