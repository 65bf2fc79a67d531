"""Writing words by hand, publishing a version, and telling people of it."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.law.promotion_rules import promotions_in
from akkoord.law.terms import law_day
from akkoord.policy.content import canonical
from akkoord.policy.models import OwnWords, Place, PolicyVersion, Telling
from akkoord.policy.queries import draft
from akkoord.register.mail_servers import contract_sentence, without_contract
from akkoord.trail.actions import Actor, record_change

_LOCK = 7_013_041  # one publication at a time: a number of this kind of work


class PolicyRefused(Exception):
    """What cannot be; `sentence` says why, `reason` is for programs."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason, self.sentence = reason, sentence


@transaction.atomic
def write_words(*, place: Place, nl: str, en: str, at: datetime, actor: Actor) -> None:
    """Words of one's own at a marked place, in both languages or in none.

    They are plain text and shown as such. Refuses (PolicyRefused) one language alone: the policy
    says the same to everybody.
    """
    nl, en = nl.strip(), en.strip()
    if bool(nl) != bool(en):
        raise PolicyRefused(
            "one-language",
            _("Write it in Dutch and in English: both policies must say the same."),
        )
    OwnWords.objects.update_or_create(
        place=place,
        defaults={"text_nl": nl, "text_en": en, "changed_at": at, "changed_by": actor.id},
    )
    record_change(
        actor=actor, action="policy.words", object_kind="policy", fields=[place.value], at=at
    )


@transaction.atomic
def publish(
    *, matters: bool, reason_nl: str = "", reason_en: str = "", at: datetime, actor: Actor
) -> PolicyVersion:
    """Publish what the register says now as a new version.

    Refuses (PolicyRefused) while an element of art. 13 or 14 is missing (INV-43), when nothing is
    different, and a change that matters, or that touches what happens with data, without a sentence
    for people in both languages: who mails nobody of it says in that sentence why (art. 5(2)).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    found = draft()
    if found.gaps:
        raise PolicyRefused(
            "incomplete",
            _("Something is missing that the law asks for (art. 13 and 14 GDPR). See the list."),
        )
    if found.is_published:
        raise PolicyRefused("alike", _("Nothing has changed: this is what is published."))
    reason_nl, reason_en = reason_nl.strip(), reason_en.strip()
    if matters and not (reason_nl and reason_en):
        raise PolicyRefused(
            "no-reason", _("Say in one sentence what changes, in Dutch and in English.")
        )
    if found.means_something and not (reason_nl and reason_en):
        raise PolicyRefused(
            "no-why",
            _(
                "This changes what happens with data of people. Say in one sentence what, and why "
                "nobody needs a mail about it. In Dutch and in English: it stands on the page."
            ),
        )
    for words in (reason_nl, reason_en):
        if sold := promotions_in(words, on=law_day(at)):
            raise PolicyRefused(
                "promotion",
                _(
                    "This sells: “{words}”. In a mail that the law asks for there is no "
                    "advertising. Send a newsletter for that (art. 11.7 Tw)."
                ).format(words=sold[0].words),
            )
    version = PolicyVersion.objects.create(
        number=found.current.number + 1 if found.current else 1,
        content_nl=found.nl.as_json(),
        content_en=found.en.as_json(),
        sha256=hashlib.sha256(canonical(found.nl, found.en)).hexdigest(),
        reason_nl=reason_nl,
        reason_en=reason_en,
        matters=matters,
        published_at=at,
        published_by=actor.id,
    )
    record_change(
        actor=actor,
        action="policy.publish",
        object_kind="policy",
        object_id=version.id,
        at=at,
    )
    return version


@transaction.atomic
def begin_telling(*, version_id: UUID, at: datetime, actor: Actor) -> Telling:
    """Begin to tell everybody by mail of the newest version; the queue does the work.

    Refuses (PolicyRefused) a version that is not the newest, does not matter, or was told, and
    while a mail server's company may receive no addresses: this goes to everybody (INV-42).
    """
    newest = PolicyVersion.objects.select_for_update(no_key=True).order_by("-number").first()
    if newest is None or newest.id != version_id:
        raise PolicyRefused("older", _("There is a newer version. Tell people of that one."))
    if not newest.matters:
        raise PolicyRefused(
            "does-not-matter",
            _("This change means nothing to people, so it needs no mail. It is on the page."),
        )
    if Telling.objects.filter(version=newest).exists():
        raise PolicyRefused("told", _("People were told of this version already."))
    if missing := without_contract():
        raise PolicyRefused("no-contract", contract_sentence(missing))
    telling = Telling.objects.create(version=newest, begun_at=at, begun_by=actor.id)
    record_change(
        actor=actor,
        action="policy.tell",
        object_kind="policy",
        object_id=newest.id,
        at=at,
    )
    return telling
