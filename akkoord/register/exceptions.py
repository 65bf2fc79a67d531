"""Verbs on exceptions: record one, decide anew, end it (art. 9(2) GDPR, art. 22-30 UAVG; INV-32).

An exception opens one field of one special category, for one role, for a year at most. It stands
in the register as an activity of its own, so that every change is a version in the same
transaction (art. 30, INV-30). What is kept by it is in no group, letter, form or download.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from akkoord.accounts.models import Staff
from akkoord.datamap.field_words import KEYS
from akkoord.datamap.fields import catalogue
from akkoord.law.exception_rules import ExceptionClaim, faults_of_exception
from akkoord.law.field_rules import FieldKind, announced_by, announced_by_name
from akkoord.law.sensitive import Sensitive
from akkoord.law.terms import law_day
from akkoord.register.exception_entry import Decision, end_entry, write_entry
from akkoord.register.exception_purpose import purpose_of
from akkoord.register.exception_words import fault_words
from akkoord.register.models import FieldException, PersonalDataField, Purpose, Trade
from akkoord.register.nobody import refuse_persons
from akkoord.register.own_fields import Choice, checked_words, is_called
from akkoord.register.queries import organisation
from akkoord.register.refused import RegisterRefused
from akkoord.trail.actions import Actor, record_change

CATEGORIES = {
    Sensitive.HEALTH: "pd:MedicalHealth",
    Sensitive.RELIGION: "pd:Religion",
    Sensitive.POLITICS: "pd:PoliticalOpinion",
    Sensitive.UNION: "pd:TradeUnionMembership",
    Sensitive.ETHNICITY: "pd:EthnicOrigin",
    Sensitive.SEXUAL: "pd:Sexual",
}


@dataclass(frozen=True, slots=True)
class SpecialFieldFacts:
    """A field of a special category: its names, how it is answered, why it is kept, its kind."""

    name_nl: str
    name_en: str
    why_nl: str
    why_en: str
    kind: str  # law.sensitive.Sensitive
    value_kind: str = FieldKind.TEXT
    choices: Sequence[Choice] = ()


@transaction.atomic
def record_exception(
    *, facts: SpecialFieldFacts, decision: Decision, at: datetime, actor: Actor
) -> FieldException:
    """A field of a special category with the exception that opens it, for that field only.

    Only the owner. Refuses what no exception opens (a BSN, crimes, DNA), a ground that does not
    open this kind, a decision without reason or end or for more than a year, words of a second
    kind, words that name somebody (INV-30), and a name that is taken.
    """
    names = facts.name_nl.strip(), facts.name_en.strip()
    if not all(names):
        raise RegisterRefused("name_nl", _("Give the field a name in both languages."))
    if not facts.why_nl.strip() or not facts.why_en.strip():
        raise RegisterRefused("why_nl", _("Say why this is needed, in both languages."))
    announced = announced_by_name(*names)
    announced |= announced_by((facts.why_nl, facts.why_en, *(w for p in facts.choices for w in p)))
    kind = _kind(facts.kind)
    _refuse_faults(kind, decision, announced, at=at, actor=actor)
    choices = checked_words(facts.value_kind, facts.choices)
    _refuse_names(facts, decision)
    field = _field(facts, names, kind, choices, at=at)
    return _decide(field, decision, kind, (facts.why_nl, facts.why_en), at=at, actor=actor)


@transaction.atomic
def decide_anew(
    *, field_key: str, decision: Decision, at: datetime, actor: Actor
) -> FieldException:
    """The owner decides again, before or after the end: another row, another version.

    On another ground it begins anew: what was written on the ground before is read no more and goes
    that night, and a yes to it counts no more. Refuses as `record_exception` does, and a field that
    never had an exception.
    """
    field = PersonalDataField.objects.select_for_update().filter(key=field_key).first()
    last = FieldException.objects.filter(field=field).order_by("-made_at").first()
    if field is None or last is None:
        raise RegisterRefused("", _("This field does not exist."))
    kind, names = Sensitive(last.kind), (field.name_nl, field.name_en)
    _refuse_faults(kind, decision, announced_by_name(*names), at=at, actor=actor)
    _refuse_names(None, decision)
    FieldException.objects.filter(field=field, ended_at=None).update(ended_at=at, ended_by=actor.id)
    if last.purpose_id is not None and last.ground != decision.ground:
        Purpose.objects.filter(id=last.purpose_id, ended_at=None).update(ended_at=at)
    field.ended_at = None
    field.save(update_fields=["ended_at"])
    return _decide(field, decision, kind, None, at=at, actor=actor)


@transaction.atomic
def end_exception(*, field_key: str, at: datetime, actor: Actor) -> bool:
    """Close a field at once: nobody reads or writes it any more, what is kept goes tonight.

    Called by the owner, and by the clean-up when its last day is over. Whether it was open; a
    second time changes nothing.
    """
    found = (
        FieldException.objects.select_for_update(of=("self",))
        .select_related("field", "purpose")
        .filter(field__key=field_key, ended_at=None)
        .first()
    )
    if found is None:
        return False
    found.ended_at, found.ended_by = at, actor.id
    found.save(update_fields=["ended_at", "ended_by"])
    PersonalDataField.objects.filter(id=found.field_id).update(ended_at=at)
    if found.purpose is not None:
        Purpose.objects.filter(id=found.purpose.id).update(ended_at=at)
    _record("special.end", found, at=at, actor=actor)
    end_entry(found, at=at, actor=actor)
    return True


def end_past(*, at: datetime) -> int:
    """End the exceptions whose last day is over, so that the register says so; how many."""
    past = FieldException.objects.filter(ended_at=None, until__lt=law_day(at))
    keys = list(past.order_by("field__key").values_list("field__key", flat=True))
    return sum(end_exception(field_key=key, at=at, actor=Actor.system()) for key in keys)


def _kind(kind: str) -> Sensitive:
    try:
        return Sensitive(kind)
    except ValueError:
        raise RegisterRefused("kind", _("Choose what kind of data this is.")) from None


def _refuse_faults(
    kind: Sensitive,
    decision: Decision,
    announced: frozenset[Sensitive],
    *,
    at: datetime,
    actor: Actor,
) -> None:
    """The first fault by the law, in a sentence at its field."""
    house = organisation()
    claim = ExceptionClaim(
        ground=decision.ground,
        kind=kind,
        reason=decision.reason,
        until=decision.until,
        seen_by=decision.seen_by,
        by_role=_role_of(actor),
        is_association=house is not None and house.trade == Trade.ASSOCIATION,
        announced=announced,
    )
    for fault in faults_of_exception(claim, on=law_day(at)):
        raise RegisterRefused(*fault_words(fault, kinds={kind, *announced}))


def _role_of(actor: Actor) -> str:
    staff = Staff.objects.filter(id=actor.id, is_active=True).first() if actor.id else None
    return staff.role if staff else ""


def _refuse_names(facts: SpecialFieldFacts | None, decision: Decision) -> None:
    """The register names nobody (INV-30)."""
    texts = {"reason": decision.reason}
    if facts is not None:
        texts |= {
            "name_nl": facts.name_nl,
            "name_en": facts.name_en,
            "why_nl": facts.why_nl,
            "why_en": facts.why_en,
        }
    refuse_persons(texts)


def _field(
    facts: SpecialFieldFacts,
    names: tuple[str, str],
    kind: Sensitive,
    choices: Sequence[Choice],
    *,
    at: datetime,
) -> PersonalDataField:
    key = slugify(names[0])[:60]
    if not key:
        raise RegisterRefused("name_nl", _("A name needs at least one letter from a to z."))
    taken = PersonalDataField.objects.select_for_update().filter(key=key).first()
    is_again = taken is not None and taken.is_special and taken.ended_at is not None
    if not is_again and (
        taken is not None
        or key in catalogue()
        or key.replace("-", " ") in KEYS
        or is_called(*names)
    ):
        raise RegisterRefused("name_nl", _("There is a field with this name already."))
    values = {
        "name_nl": names[0],
        "name_en": names[1],
        "category": CATEGORIES[kind],
        "is_own": True,
        "is_special": True,
        "value_kind": facts.value_kind,
        "choices_nl": [dutch for dutch, _english in choices],
        "choices_en": [english for _dutch, english in choices],
        "created_at": at,
        "ended_at": None,
    }
    return PersonalDataField.objects.update_or_create(key=key, defaults=values)[0]


def _decide(
    field: PersonalDataField,
    decision: Decision,
    kind: Sensitive,
    why: tuple[str, str] | None,
    *,
    at: datetime,
    actor: Actor,
) -> FieldException:
    """Its entry in the register, the row, its purpose when it rests on a yes, and the trail."""
    assert actor.id is not None  # noqa: S101 - refused before
    assert decision.until is not None  # noqa: S101 - refused before
    words = write_entry(field, decision, kind, why, at=at, actor=actor)
    made = FieldException.objects.create(
        field=field,
        kind=kind,
        ground=decision.ground,
        reason=decision.reason.strip(),
        seen_by=decision.seen_by,
        since=law_day(at),
        until=decision.until,
        purpose=purpose_of(field, decision.ground, words, at=at, actor=actor),
        made_at=at,
        made_by=actor.id,
    )
    _record("special.open", made, at=at, actor=actor)
    return made


def _record(action: str, exception: FieldException, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="personal-data-field",
        object_id=exception.field_id,
        fields=("ground", "reason", "seen_by", "until"),
        at=at,
    )
