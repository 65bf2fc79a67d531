"""An exception in the register: an activity of its own, so that each change is a version (art. 30).

Who may see the field, on which exception, why and until when stand in its proof; the field is the
only one that it may use, and it may use no other.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.law.exception_rules import GROUNDS, Asks, ExceptionGround
from akkoord.law.retention_rules import Effect, Trigger
from akkoord.law.sensitive import Sensitive
from akkoord.register import presets
from akkoord.register.exception_models import SPECIAL, FieldException
from akkoord.register.exception_words import KINDS, ROLES
from akkoord.register.models import (
    ActivityField,
    PersonalDataField,
    ProcessingActivity,
    RetentionRule,
)
from akkoord.register.receiving import note_carriers
from akkoord.trail.actions import Actor
from akkoord.web.dates import fitting

_SUBJECTS = {Asks.EMPLOYED: "dpv:Employee", Asks.MEMBER: "dpv:Member"}
_PURPOSES = {Asks.EMPLOYED: presets.LEGAL, Asks.CLAIM: presets.LEGAL}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the owner decides: on which exception, why, who sees it, until when."""

    ground: str
    reason: str
    seen_by: str
    until: date | None


@dataclass(frozen=True, slots=True)
class EntryWords:
    """What the entry says: its name and what the data is for, in both languages."""

    name: presets.Words
    purpose: presets.Words


def write_entry(
    field: PersonalDataField,
    decision: Decision,
    kind: Sensitive,
    why: tuple[str, str] | None,
    *,
    at: datetime,
    actor: Actor,
) -> EntryWords:
    """The next version of the entry, with the field and its term; without `why` as it was."""
    key = SPECIAL + field.key
    last = ProcessingActivity.objects.filter(key=key).order_by("-version").first()
    _end(key, at=at, actor=actor)
    RetentionRule.objects.filter(activity_key=key, valid_to=None).update(valid_to=at)
    rule = GROUNDS[ExceptionGround(decision.ground)]
    words = _words(field, kind, why or ((last.purpose_nl, last.purpose_en) if last else ("", "")))
    ProcessingActivity.objects.create(
        key=key,
        version=last.version + 1 if last else 1,
        name_nl=words.name.nl,
        name_en=words.name.en,
        purpose_nl=words.purpose.nl,
        purpose_en=words.purpose.en,
        legal_basis=rule.basis,
        telecom_basis="",
        purpose_classes=[_PURPOSES.get(rule.asks, presets.SERVICE)],
        subjects=[_SUBJECTS.get(rule.asks, "dpv:Customer")],
        security_nl=f"{presets.SECURITY.nl} {_in('nl', _security)}",
        security_en=f"{presets.SECURITY.en} {_in('en', _security)}",
        proof_nl=_in("nl", _proof, decision),
        proof_en=_in("en", _proof, decision),
        is_system=True,
        published_at=at,
        valid_from=at,
        changed_by=actor.id,
        change_reason=decision.reason.strip()[:300],
    )
    ActivityField.objects.create(
        activity_key=key,
        field=field,
        why_nl=words.purpose.nl,
        why_en=words.purpose.en,
        admitted_at=at,
    )
    _write_term(key, decision, at=at, actor=actor)
    if last is None:
        note_carriers(key, at=at, hosts_alone=True)  # who keeps it cannot read it
    return words


def end_entry(exception: FieldException, *, at: datetime, actor: Actor) -> None:
    """The entry of this exception ends; its term stays, as it says when what is left goes."""
    _end(SPECIAL + exception.field.key, at=at, actor=actor)


def _end(key: str, *, at: datetime, actor: Actor) -> None:
    ProcessingActivity.objects.filter(key=key, valid_to=None).update(
        valid_to=at, changed_by=actor.id
    )
    ActivityField.objects.filter(activity_key=key, ended_at=None).update(ended_at=at)


def _words(field: PersonalDataField, kind: Sensitive, why: tuple[str, str]) -> EntryWords:
    def name() -> str:
        called = field.name_en if translation.get_language() == "en" else field.name_nl
        return _("%(field)s (special category: %(kind)s)") % {
            "field": called,
            "kind": str(KINDS[kind]).lower(),
        }

    return EntryWords(
        presets.Words(_in("nl", name)[:200], _in("en", name)[:200]),
        presets.Words(why[0].strip(), why[1].strip()),
    )


def _write_term(key: str, decision: Decision, *, at: datetime, actor: Actor) -> None:
    # A yes holds its person while it counts (retention.spans); other grounds hold nobody.
    is_yes = decision.ground == ExceptionGround.CONSENT
    RetentionRule.objects.create(
        activity_key=key,
        trigger=Trigger.WITHDRAWAL if is_yes else Trigger.RECORDED,
        days=0 if is_yes else None,
        months=None if is_yes else 12,
        criterion_nl=_in("nl", _term, decision),
        criterion_en=_in("en", _term, decision),
        action=Effect.ERASE,
        ground="AVG 5(1)(e), 9(2)",
        valid_from=at,
        changed_by=actor.id,
    )


def _in(language: str, make: object, *given: object) -> str:
    with translation.override(language):
        return str(make(*given))  # type: ignore[operator]


def _security() -> str:
    return _(
        "Encrypted with a key that is not in the database. One role can read it, and each reading "
        "is written down."
    )


def _proof(decision: Decision) -> str:
    return _(
        "Exception: %(article)s. %(reason)s Decided by the owner, until %(until)s at the latest. "
        "Only the %(role)s sees it. Never in groups, letters or downloads."
    ) % {
        "article": GROUNDS[ExceptionGround(decision.ground)].article,
        "reason": _as_sentence(decision.reason),
        "until": _day(decision.until),
        "role": str(ROLES[decision.seen_by]).lower(),
    }


def _term(decision: Decision) -> str:
    return _(
        "Until the exception or what it rests on ends, on %(until)s at the latest. Then it goes "
        "the same night."
    ) % {"until": _day(decision.until)}


def _day(day: date | None) -> str:
    return date_format(day, fitting("j F Y")) if day else ""


def _as_sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
