"""Verbs on the fields that activities use: admit one, stop using it, make one of one's own.

An own field says in the same press for which activity it is asked and why: without a purpose
nothing may be kept (art. 5(1)(b) and (c) GDPR, INV-31). What its words announce to be sensitive is
refused before anybody is asked (art. 9, 10; INV-32).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.datamap.field_words import KEYS
from akkoord.datamap.fields import catalogue
from akkoord.law.field_rules import (
    FEWEST_CHOICES,
    MOST_CHOICES,
    FieldKind,
    announced_by,
    announced_by_name,
)
from akkoord.law.purpose_rules import Outcome, Weighed
from akkoord.law.sensitive import ARTICLES, Sensitive
from akkoord.register.actions import RegisterRefused
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import ActivityField, PersonalDataField, ProcessingActivity
from akkoord.register.nobody import refuse_persons
from akkoord.register.presets import PUSH_FIELD
from akkoord.register.publishing import refuse_without_term
from akkoord.register.purpose_changes import (
    Words,
    data_of_field,
    demand_topic,
    judged,
    write_change,
)
from akkoord.register.queries import known_fields
from akkoord.register.reasons import because
from akkoord.trail.actions import Actor, record_change

# Without an address nothing arrives; others go with their channel (`offer_channels`).
NEEDED = ("email", PUSH_FIELD.key, "phone")

Choice = tuple[str, str]  # Dutch, English


@dataclass(frozen=True, slots=True)
class OwnFieldFacts:
    """A field of one's own: its names, what can be filled in, and why it is asked."""

    name_nl: str
    name_en: str
    kind: str
    why_nl: str
    why_en: str
    choices: Sequence[Choice] = ()


@transaction.atomic
def admit_field(
    *,
    activity_key: str,
    field_key: str,
    why_nl: str,
    why_en: str,
    at: datetime,
    actor: Actor,
    weighed: Weighed | None = None,
) -> None:
    """Let an activity use a field, with the reason (purpose binding, art. 5(1)(b) and (c)).

    What people gave for something else asks the questions of art. 6(4) first; where they must say
    yes anew, only who does so from now on is read for it. Refuses a field without a reason, one
    that does not exist, one that is sensitive or whose reason says so, a reason that points to
    somebody (INV-30), an activity that has ended, a published one of which no rule would end the
    field, questions without answers (NeedsWeighing) and answers that do not allow it.
    """
    if not why_nl.strip() or not why_en.strip():
        raise RegisterRefused("why_nl", _("Say why this is needed, in both languages."))
    _refuse_sensitive("why_nl", announced_by((why_nl, why_en)))
    refuse_persons({"why_nl": why_nl, "why_en": why_en})
    activity = ProcessingActivity.objects.filter(key=activity_key, valid_to=None).first()
    if activity is None:
        raise RegisterRefused("field", _("This activity has ended."))
    field = PersonalDataField.objects.filter(key=field_key, ended_at=None).first()
    if field is None:
        raise RegisterRefused("field", _("This field does not exist."))
    if activity_key.startswith(SPECIAL):
        raise RegisterRefused(
            "field", _("This activity keeps one sensitive field, and may use no other (art. 9).")
        )
    if field.is_special:
        raise RegisterRefused(
            "field",
            _("This is sensitive data. It may not be used for letters (art. 9 GDPR)."),
        )
    if ActivityField.objects.filter(activity_key=activity_key, field=field, ended_at=None).exists():
        return
    outcome = _weigh(activity_key, field, weighed, at=at, actor=actor)
    _made, is_new = ActivityField.objects.get_or_create(
        activity_key=activity_key,
        field=field,
        ended_at=None,
        defaults={
            "why_nl": why_nl.strip(),
            "why_en": why_en.strip(),
            "admitted_at": at,
            "yes_since": at if outcome is Outcome.CONSENT_ANEW else None,
        },
    )
    if is_new:
        if activity.published_at is not None:
            refuse_without_term(activity_key, "field")
        _record("field.admit", activity_key, field_key, at=at, actor=actor)
    if outcome is not None and weighed is not None:
        because(weighed.reason)


def _weigh(
    activity_key: str,
    field: PersonalDataField,
    weighed: Weighed | None,
    *,
    at: datetime,
    actor: Actor,
) -> Outcome | None:
    """What the answers say, written down; None: it serves no other purpose than it was for."""
    found = data_of_field(field.key, activity_key, is_special=field.is_special)
    if found is None:
        return None
    data, others = found
    outcome = judged(data, weighed, field="field")
    if outcome is Outcome.CONSENT_ANEW:
        demand_topic(activity_key, field="field")
    mine = ProcessingActivity.objects.get(key=activity_key, valid_to=None)
    write_change(
        activity_key=activity_key,
        field_key=field.key,
        words=Words(
            "\n".join(each.purpose_nl for each in others),
            "\n".join(each.purpose_en for each in others),
            mine.purpose_nl,
            mine.purpose_en,
        ),
        outcome=outcome,
        weighed=weighed or Weighed(),
        at=at,
        actor=actor,
    )
    return outcome


@transaction.atomic
def release_field(*, activity_key: str, field_key: str, at: datetime, actor: Actor) -> None:
    """An activity uses a field no longer: from now on no form, group or letter of it does.

    Refuses the address itself.
    """
    if field_key in NEEDED:
        raise RegisterRefused("field", _("Without an address nothing arrives, so this stays."))
    if activity_key.startswith(SPECIAL):
        raise RegisterRefused("field", _("End the exception instead: then this field closes."))
    ended = ActivityField.objects.filter(
        activity_key=activity_key, field__key=field_key, ended_at=None
    ).update(ended_at=at)
    if ended:
        _record("field.release", activity_key, field_key, at=at, actor=actor)


@transaction.atomic
def make_own_field(
    *, facts: OwnFieldFacts, activity_key: str, at: datetime, actor: Actor
) -> PersonalDataField:
    """A field of one's own, admitted to the activity that needs it.

    Refuses names, choices and reasons that announce sensitive data (INV-32), names and reasons that
    point to somebody (INV-30), a name that is taken, a kind that does not exist, and a choice with
    fewer than two or more than thirty words.
    """
    name_nl, name_en = facts.name_nl.strip(), facts.name_en.strip()
    if not name_nl or not name_en:
        raise RegisterRefused("name_nl", _("Give the field a name in both languages."))
    if facts.kind not in set(FieldKind):
        raise RegisterRefused("kind", _("There is no field of this kind."))
    _refuse_sensitive("name_nl", announced_by_name(name_nl, name_en))
    refuse_persons({"name_nl": name_nl, "name_en": name_en})
    choices = checked_choices(facts.kind, facts.choices)
    key = slugify(name_nl)[:80]
    if not key:
        raise RegisterRefused("name_nl", _("A name needs at least one letter from a to z."))
    if key in catalogue() or key.replace("-", " ") in KEYS or is_called(name_nl, name_en):
        raise RegisterRefused("name_nl", _("There is a field with this name already."))
    key = _fresh_key(key)
    values = {
        "name_nl": name_nl,
        "name_en": name_en,
        "category": "pd:PersonalInformation",
        "is_own": True,
        "value_kind": facts.kind,
        "choices_nl": [dutch for dutch, _english in choices],
        "choices_en": [english for _dutch, english in choices],
        "created_at": at,
    }
    try:
        with transaction.atomic():
            field = PersonalDataField.objects.create(key=key, **values)
    except IntegrityError:
        raise RegisterRefused("name_nl", _("There is a field with this name already.")) from None
    _record("field.make", activity_key, key, at=at, actor=actor)
    admit_field(
        activity_key=activity_key,
        field_key=key,
        why_nl=facts.why_nl,
        why_en=facts.why_en,
        at=at,
        actor=actor,
    )
    return field


def _fresh_key(key: str) -> str:
    """A key that no field ever had: one that was let go is never the new one (art. 5(1)(b)).

    Its answers may be kept still for a legal claim. They were given for something else.
    """
    stem = key[:74]
    alike = PersonalDataField.objects.filter(Q(key=key) | Q(key__regex=rf"^{stem}_[0-9]+$"))
    taken = {each.key: each.is_own and each.ended_at is not None for each in alike}
    if not all(taken.values()):
        raise RegisterRefused("name_nl", _("There is a field with this name already."))
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (key, *numbered) if each not in taken)


def is_called(name_nl: str, name_en: str) -> bool:
    """Whether a field of the catalogue has one of these names: two alike cannot be told apart."""
    living = PersonalDataField.objects.filter(ended_at=None)
    return living.filter(Q(name_nl__iexact=name_nl) | Q(name_en__iexact=name_en)).exists()


@transaction.atomic
def change_choices(
    *, field_key: str, choices: Sequence[Choice], at: datetime, actor: Actor
) -> PersonalDataField:
    """Other words to choose from. What people chose before stays as they said it.

    Forms show them when they are published again: a published version stays as it was (INV-7).
    """
    field = PersonalDataField.objects.select_for_update().get(key=field_key, is_own=True)
    checked = checked_choices(FieldKind.CHOICE, choices)
    if field.value_kind != FieldKind.CHOICE:
        raise RegisterRefused("choices", _("There is nothing to choose in this field."))
    field.choices_nl = [dutch for dutch, _english in checked]
    field.choices_en = [english for _dutch, english in checked]
    field.save(update_fields=["choices_nl", "choices_en"])
    _record("field.choices", field_key, at=at, actor=actor)
    return field


def checked_choices(kind: str, choices: Sequence[Choice]) -> list[Choice]:
    """The words of a choice, tidied; none for another kind. Raises RegisterRefused."""
    found = checked_words(kind, choices)
    _refuse_sensitive("choices", announced_by(word for pair in found for word in pair))
    return found


def checked_words(kind: str, choices: Sequence[Choice]) -> list[Choice]:
    """The same, whatever the words say: for a field that an exception opens (INV-32)."""
    found = [(dutch.strip(), english.strip()) for dutch, english in choices]
    if kind != FieldKind.CHOICE:
        if found:
            raise RegisterRefused("choices", _("Only a choice has words to choose from."))
        return []
    if not FEWEST_CHOICES <= len(found) <= MOST_CHOICES:
        raise RegisterRefused("choices", _("Give from 2 to 30 words to choose from, one a line."))
    for words in zip(*found, strict=True):
        if not all(words) or len({word.lower() for word in words}) < len(words):
            raise RegisterRefused("choices", _("Each word to choose must be there, and once."))
        if max(map(len, words)) > 80:
            raise RegisterRefused("choices", _("A word to choose has at most 80 characters."))
    return found


def _refuse_sensitive(name: str, found: Collection[Sensitive]) -> None:
    """Raise RegisterRefused when words announce sensitive data (INV-32)."""
    if found:
        raise RegisterRefused(
            name,
            _(
                "This asks for sensitive data (%(article)s). You may not ask it on a form. Ask "
                "what you need it for instead: “What may we show you?” in place of “Why?”."
            )
            % {"article": "; ".join(sorted({ARTICLES[each] for each in found}))},
        )


def admissible(activity_key: str) -> list[PersonalDataField]:
    """The fields of the catalogue that an activity does not use yet, and may."""
    used = ActivityField.objects.filter(activity_key=activity_key, ended_at=None)
    return list(known_fields().filter(is_special=False).exclude(id__in=used.values("field_id")))


def _record(action: str, *names: str, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="activity",
        object_id=None,
        fields=names,
        at=at,
    )
