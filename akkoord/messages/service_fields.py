"""What a service message is made of: fields of the purchase, no promotion, no way out (INV-26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from akkoord.law.promotion_rules import promotions_in
from akkoord.law.terms import law_day
from akkoord.messages.template import RESERVED, CompileError, FieldFact, Slot

if TYPE_CHECKING:
    from akkoord.messages.compile import MessageSource

BOUGHT = "purchase_date"
NUMBERS = "purchase_number"
# A field of the purchase that the message is about, and the field of the register that admits it;
# the number is what shows the contract, and needs nothing else.
PURCHASE_FIELDS: Mapping[str, str] = {
    NUMBERS: "",
    BOUGHT: "",
    "product_group": "product_group",
    "purchase_amount": "purchase_amount",
}
# The same of a message about an agreement without a sale.
AGREEMENT = "agreement"
KIND, DAY = "agreement_kind", "agreement_date"
AGREEMENT_FIELDS: Mapping[str, str] = {
    KIND: "",
    DAY: "",
    "agreement_number": "",
    "agreement_end": "",
}
LEAK = "leak"  # a letter about a data leak: a duty, about no purchase
MOST_NAMED = 5


def service_facts(facts: Mapping[str, FieldFact], about: str = "") -> dict[str, FieldFact]:
    """The fields of a service message: those of its activity, and those of what it is about."""
    within = FieldFact(within_purpose=True)
    if about == LEAK:
        return dict(facts)
    own = AGREEMENT_FIELDS if about == AGREEMENT else PURCHASE_FIELDS
    more = {name: facts.get(field, within) for name, field in own.items()}
    return {**facts, **more}


def check_service(source: MessageSource, body: Sequence[str | Slot]) -> None:
    """Only simple text about the purchase. Raises CompileError.

    `promotion` with the words that sell: then it is marketing, whoever wrote it and whoever asks
    (INV-26). It is asked at every compilation, so also when it leaves.
    """
    if source.body_format != "markdown" or source.conditions or source.counting or source.renews:
        raise CompileError("service-plain", part="body")
    for piece in body:
        if isinstance(piece, Slot) and piece.name in RESERVED and piece.name != "preferences_url":
            raise CompileError("field-not-here", part="body", line=piece.line, field=piece.name)
    on = law_day(timezone.now())
    for part in ("subject", "preheader", "body"):
        found = promotions_in(getattr(source, part), on=on)
        if found:
            words = list(dict.fromkeys(each.words for each in found))[:MOST_NAMED]
            line = found[0].line if part == "body" else 0
            place = "subject" if part == "subject" else "body"
            raise CompileError("promotion", part=place, line=line, field="”, “".join(words))


def as_service(source: MessageSource) -> MessageSource:
    """The same words as a service message."""
    return replace(source, is_service=True)
