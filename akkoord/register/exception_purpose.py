"""What people say yes to when a field rests on their explicit consent (art. 9(2)(a); INV-9).

A purpose of its own, and no topic: it stands on no form, in no group and under no letter. Nothing
is ever sent for it.
"""

from datetime import datetime

from akkoord.law.exception_rules import ExceptionGround
from akkoord.law.states import Channel
from akkoord.register.exception_entry import EntryWords
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import PersonalDataField, Purpose, PurposeVersion
from akkoord.trail.actions import Actor


def purpose_of(
    field: PersonalDataField, ground: str, words: EntryWords, *, at: datetime, actor: Actor
) -> Purpose | None:
    """The purpose that a yes to this field is for; None when it rests on something else.

    After an end it begins anew: a yes of before then counts no more.
    """
    if ground != ExceptionGround.CONSENT:
        return None
    purpose, is_new = Purpose.objects.select_for_update().get_or_create(
        slug=SPECIAL + field.key,
        defaults={
            "activity_key": SPECIAL + field.key,
            "is_topic": False,
            "channels": [Channel.EMAIL.value, Channel.PHONE.value, Channel.POST.value],
            "refresh_weeks": 0,
            "created_at": at,
        },
    )
    if is_new or purpose.ended_at is not None or _says_otherwise(purpose, words):
        _new_version(purpose, field, words, at=at, actor=actor)
    return purpose


def _says_otherwise(purpose: Purpose, words: EntryWords) -> bool:
    now = purpose.versions.filter(valid_to=None).first()
    return now is None or (now.description_nl, now.description_en) != (
        words.purpose.nl,
        words.purpose.en,
    )


def _new_version(
    purpose: Purpose, field: PersonalDataField, words: EntryWords, *, at: datetime, actor: Actor
) -> None:
    last = purpose.versions.order_by("-number").first()
    purpose.versions.filter(valid_to=None).update(valid_to=at)
    number = last.number + 1 if last else 1
    PurposeVersion.objects.create(
        purpose=purpose,
        number=number,
        name_nl=field.name_nl,
        name_en=field.name_en,
        description_nl=words.purpose.nl,
        description_en=words.purpose.en,
        valid_from=at,
        changed_by=actor.id,
    )
    purpose.ended_at, purpose.consent_version = None, number
    purpose.save(update_fields=["ended_at", "consent_version"])
