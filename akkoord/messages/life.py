"""Letters about a yes itself: asked anew before its term is over, told once a year (art. 7(1)).

They go through the pipeline as every letter does: the gate is asked at hand-over, its evidence is
stored, the ways out stand in them. So who has no basis never gets one (INV-3): a mail that asks for
consent is itself advertising.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.models import Standing
from akkoord.consent.own_yes import asked_anew, rest_on_a_parent
from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import LIVE_STATES, Basis, Channel
from akkoord.messages.compile import MessageSource, Sender
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.footer import Footer
from akkoord.messages.groups import name_groups
from akkoord.messages.models import Dispatch, Message
from akkoord.register.models import Organisation, Purpose, PurposeVersion
from akkoord.register.queries import current_versions, letter_topics, organisation

LANGUAGES = ("nl", "en")
RENEW, REMIND, AT_SIXTEEN = "@renew", "@remind", "@sixteen"
KINDS = {
    RENEW: MessageKind.CONSENT_RENEWAL,
    REMIND: MessageKind.CONSENT_REMINDER,
    AT_SIXTEEN: MessageKind.CONSENT_RENEWAL,
}
YEAR = timedelta(days=365)
_OUT = [Message.State.SENT, Message.State.UNCERTAIN, Message.State.CLAIMED, Message.State.DUE]


def start_life_letters(*, at: datetime) -> list[Dispatch]:
    """Start what is due today: per topic, kind and language one dispatch, when there is anybody."""
    started = []
    for version in current_versions(letter_topics()):
        purpose = version.purpose
        if Channel.EMAIL not in purpose.channels:
            continue
        for name, standings in _due(purpose, at=at).items():
            started += [
                _start(version, name, language, at=at)
                for language in LANGUAGES
                if standings.filter(person__language=language).exists()
            ]
    return started


def _due(purpose: Purpose, *, at: datetime) -> dict[str, QuerySet[Standing]]:
    """The yeses to this topic that are to be asked anew, and those to be told again.

    Who may be sixteen by now is asked whatever the topic's own settings are (INV-14).
    """
    due = {AT_SIXTEEN: to_ask_at_sixteen(purpose, at=at)}
    if purpose.refresh_weeks:
        due[RENEW] = to_renew(purpose, at=at)
    if purpose.reminds_yearly:
        due[REMIND] = to_remind(purpose, at=at)
    return due


def _yeses(purpose: Purpose, at: datetime) -> QuerySet[Standing]:
    return Standing.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        purpose=purpose,
        channel=Channel.EMAIL,
        basis=Basis.CONSENT,
        state__in=LIVE_STATES,
    )


def to_renew(purpose: Purpose, *, at: datetime) -> QuerySet[Standing]:
    """Yeses whose term ends soon and that were not asked about yet."""
    asked = Message.objects.filter(
        person_id=OuterRef("person_id"),
        contact_point_id=OuterRef("contact_point_id"),
        evidence_id=OuterRef("event_id"),
        dispatch__kind=MessageKind.CONSENT_RENEWAL,
        state__in=_OUT,
    )
    soon = at + timedelta(weeks=purpose.refresh_weeks)
    own = _yeses(purpose, at).exclude(pk__in=rest_on_a_parent(_of_children(purpose)).values("pk"))
    return own.filter(~Exists(asked), valid_until__lte=soon)


def to_ask_at_sixteen(purpose: Purpose, *, at: datetime) -> QuerySet[Standing]:
    """Yeses of a parent, whose child may be sixteen by now and was not asked in the last year."""
    asked = Message.objects.filter(
        person_id=OuterRef("person_id"),
        contact_point_id=OuterRef("contact_point_id"),
        dispatch__purpose=purpose.id,
        dispatch__kind=MessageKind.CONSENT_RENEWAL,
        due_at__gt=at - YEAR,
        state__in=_OUT,
    )
    parents = asked_anew(at).filter(purpose=purpose)
    return _yeses(purpose, at).filter(~Exists(asked), pk__in=parents.values("pk"))


def _of_children(purpose: Purpose) -> QuerySet[Standing]:
    """The standings of the few who are, or were, known children: a parent carries on no yes."""
    return Standing.objects.filter(purpose=purpose, person__is_known_child__isnull=False)


def to_remind(purpose: Purpose, *, at: datetime) -> QuerySet[Standing]:
    """Yeses of more than a year ago, not told of in the last year."""
    told = Message.objects.filter(
        person_id=OuterRef("person_id"),
        contact_point_id=OuterRef("contact_point_id"),
        dispatch__purpose=purpose.id,
        dispatch__kind__in=[MessageKind.CONSENT_REMINDER, MessageKind.CONSENT_RENEWAL],
        due_at__gt=at - YEAR,
        state__in=_OUT,
    )
    return _yeses(purpose, at).filter(~Exists(told), since__lte=at - YEAR)


@name_groups(RENEW, REMIND, AT_SIXTEEN)
def _group(text: str, purpose: Purpose, at: datetime) -> Q:
    """The people of a letter about a yes, by the name that stands in the dispatch."""
    name, _sep, language = text.partition(":")
    due = {RENEW: to_renew, REMIND: to_remind, AT_SIXTEEN: to_ask_at_sixteen}
    standings = due[name](purpose, at=at)
    points = standings.filter(person__language=language).values("contact_point_id")
    return Q(id__in=points)


def _start(version: PurposeVersion, name: str, language: str, *, at: datetime) -> Dispatch:
    return start_dispatch(
        purpose=version.purpose,
        source=_source(version, name, language),
        segment=f"{name}:{language}",
        approved_by=None,
        at=at,
        kind=KINDS[name],
    )


def _source(version: PurposeVersion, name: str, language: str) -> MessageSource:
    """The letter: our own words, the topic's own sentence, and no advertising."""
    house = organisation() or Organisation()
    with translation.override(language):
        words = {"name": version.name, "house": house.name, "about": version.description}
        values = {key: text.replace("{", "(").replace("}", ")") for key, text in words.items()}
        subject, body = _WORDS[name](values)
    domain, slug = house.mail_domain, version.purpose.slug
    return MessageSource(
        subject=subject,
        body=body,
        body_format="markdown",
        language=language,
        sender=Sender(house.sender_name, house.sender_email, house.contact_email),
        footer=Footer(house.name, house.address, house.contact_email),
        list_id=f"{slug}.{domain}",
        list_name=slug,
        domain=domain,
        renews=name != REMIND,
    )


def _renewal(values: dict[str, str]) -> tuple[str, str]:
    subject = _("Do you still want %(name)s?") % values
    body = _(
        "Some time ago you said yes to %(name)s of %(house)s: %(about)s\n\nDo you still want it? "
        "Then press here:\n\n[Yes, go on]({{ renew_url }})\n\nDo nothing, and it stops by itself."
    )
    return subject, body % values


def _reminder(values: dict[str, str]) -> tuple[str, str]:
    subject = _("What you get from %(house)s") % values
    body = _(
        "More than a year ago you said yes to %(name)s of %(house)s: %(about)s\n\nIs that still "
        "right? Then you need do nothing.\n\n[See what you agreed to]({{ why_url }})\n\n[Change "
        "or stop]({{ preferences_url }})"
    )
    return subject, body % values


def _at_sixteen(values: dict[str, str]) -> tuple[str, str]:
    subject = _("Are you 16 by now? It is about %(name)s") % values
    body = _(
        "A parent once agreed for you to %(name)s of %(house)s: %(about)s\n\nFrom 16 on you decide "
        "yourself. Are you 16 or older, and do you want to go on? Then press here:\n\n[Yes, I am "
        "16 or older]({{ renew_url }})\n\nNot 16 yet? Then you need do nothing. You can always "
        "stop with the link below."
    )
    return subject, body % values


_WORDS = {RENEW: _renewal, REMIND: _reminder, AT_SIXTEEN: _at_sixteen}
