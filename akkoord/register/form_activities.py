"""The activity that carries a form besides marketing: a question answered, an order delivered."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from akkoord.law.form_rules import FormKind
from akkoord.law.states import Basis
from akkoord.register import presets
from akkoord.register.actions import enter_activity, fill_catalogue
from akkoord.register.models import Collecting, Organisation, ProcessingActivity
from akkoord.register.presets_trades import TRADE_ACTIVITIES
from akkoord.trail.actions import Actor, record_change

QUESTIONS = "questions"
CUSTOMERS = "customers"
CARRIERS: dict[FormKind, str] = {FormKind.QUESTION: QUESTIONS, FormKind.CHECKOUT: CUSTOMERS}
"""Which activity carries which kind of form; the others rest on their topics alone."""

_QUESTIONS = presets.ActivityPreset(
    key=QUESTIONS,
    name=presets.Words("Vragen en offertes", "Questions and quotes"),
    purpose=presets.Words(
        "Uw vraag beantwoorden of een offerte voor u maken.",
        "To answer your question or make you a quote.",
    ),
    basis=Basis.CONTRACT,  # art. 6(1)(b): steps at the request of the person
    telecom_basis="",
    purpose_classes=(presets.SERVICE,),
    subjects=("dpv:Customer",),
    fields=(
        presets.FieldUse("email", presets.Words("Om u te antwoorden.", "To answer you.")),
        presets.FieldUse("first_name", presets.Words("Om u aan te spreken.", "To address you.")),
        presets.FieldUse("last_name", presets.Words("Om u aan te spreken.", "To address you.")),
        presets.FieldUse(
            "language", presets.Words("Om in uw taal te schrijven.", "To write in your language.")
        ),
        presets.FieldUse(
            "city",
            presets.Words(
                "Om te zien of wij bij u in de buurt werken.", "To see whether we work near you."
            ),
        ),
        presets.FieldUse("question", presets.Words("Om u te antwoorden.", "To answer you.")),
    ),
    term=presets.Words(
        "Tot één jaar nadat wij uw vraag hebben beantwoord.",
        "Up to one year after we answered your question.",
    ),
    trigger="question-answered",
    months=12,
    is_system=False,
)


def note_collecting(
    *, form_id: UUID, name: str, activity_keys: Collection[str], at: datetime
) -> None:
    """Say in the register which activities a form brings data to; none: it brings nothing more."""
    standing = {
        each.activity_key: each for each in Collecting.objects.filter(form_id=form_id, until=None)
    }
    for key, each in standing.items():
        if key not in activity_keys or each.name != name[:200]:
            each.until = at
            each.save(update_fields=["until"])
    Collecting.objects.bulk_create(
        Collecting(activity_key=key, form_id=form_id, name=name[:200], since=at)
        for key in sorted(set(activity_keys))
        if key not in standing or standing[key].until is not None
    )


def carrier_of(kind: str) -> str:
    """The key of the activity that carries a kind of form; empty: its topics carry it alone."""
    return CARRIERS.get(FormKind(kind), "")


def proposed(key: str) -> presets.ActivityPreset | None:
    """What will be entered for a carrying activity that the register does not have yet."""
    if key == QUESTIONS:
        return _QUESTIONS
    house = Organisation.objects.filter(id=1).first()
    if key != CUSTOMERS or house is None:
        return None
    return TRADE_ACTIVITIES[house.trade][0]


def ensure_carrier(*, kind: str, at: datetime, actor: Actor) -> str:
    """The carrying activity of this kind of form, entered in the register when it is not there.

    Answers its key; empty for a kind that has none. The preset of the trade is a proposal, which
    the owner may change in the register.
    """
    key = carrier_of(kind)
    if not key or ProcessingActivity.objects.filter(key=key, valid_to=None).exists():
        return key
    preset = proposed(key)
    if preset is None:
        return ""
    last = ProcessingActivity.objects.filter(key=key).order_by("-version").first()
    fill_catalogue(at=at)
    enter_activity(preset, at=at, actor=actor, version=last.version + 1 if last else 1)
    record_change(
        actor=actor,
        action="activity.enter",
        object_kind="activity",
        object_id=None,
        fields=(key,),
        at=at,
    )
    return key
