"""A receipt as a person reads it: on the page, in the PDF; in the reader's language."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.consent.words import channel_word, method_word
from akkoord.register.models import language_now
from akkoord.web.dates import fitting
from akkoord.web.documents import typeset

DOCUMENT = Path(__file__).parent / "templates" / "consent" / "receipt.typ"


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What stands on the page. `rows`: label, lines, and whether they are in the notice's language
    (`told_in`): what somebody was shown is not translated afterwards."""

    title: str
    topic: str
    wording: str
    told_in: str
    declared: str
    rows: list[tuple[str, list[str], bool]]
    fingerprint: str
    sealed: str
    is_sealed: bool
    controller: str


def words_of_receipt(receipt: dict[str, Any]) -> ReceiptWords:
    """The receipt in words."""
    processing, told = receipt["processing"], receipt["event"]
    purpose = processing["purposes"][0]
    controller = receipt["party_identification"][0]
    proof = receipt["proof"]
    return ReceiptWords(
        title=_("Proof of what you agreed to"),
        topic=purpose["purpose"],
        wording=purpose["wording"],
        told_in=processing["language"],
        declared=_declared(processing["privacy_notice"]["declared"]),
        rows=_rows(receipt, purpose, told, controller),
        fingerprint=proof["commitment"],
        sealed=_sealed(proof),
        is_sealed=proof["state"] == "sealed",
        controller=controller["party_name"],
    )


def receipt_pdf(receipt: dict[str, Any]) -> bytes:
    """The receipt as a PDF."""
    labels = {
        "agreed": _("You agreed to this"),
        "proof": _("Fingerprint in the ledger"),
        "number": _("Number of this proof"),
        "check": _("Anybody can check the machine-readable form of this proof without us."),
        "page": _("Page"),
    }
    return typeset(
        DOCUMENT,
        {
            **asdict(words_of_receipt(receipt)),
            "labels": labels,
            "receipt_id": receipt["receipt"]["consent_receipt_id"],
            "language": language_now(),
        },
    )


def _rows(
    receipt: dict[str, Any],
    purpose: dict[str, Any],
    told: dict[str, Any],
    controller: dict[str, Any],
) -> list[tuple[str, list[str], bool]]:
    until = told["valid_until"]
    whom = [controller["party_name"], *str(controller["party_address"]).splitlines()]
    ours = [
        (_("For which address?"), [receipt["record"]["address"]]),
        (_("When?"), [_day(told["event_time"])]),
        (_("How?"), [method_word(purpose["collection_method"])]),
        (_("Over which channel?"), [channel_word(told["channel"])]),
        (_("Until when?"), [_day(until) if until else _("Until you stop it.")]),
        (_("With whom?"), [*whom, controller["party_email"]]),
        (_("Why is it allowed?"), [_("Because you said yes (art. 6(1)(a) GDPR).")]),
    ]
    shown = [
        (
            _("What is kept for it?"),
            [f"{each['pii_type']}: {each['why']}" for each in purpose["pii_information"]],
        ),
        (_("How long?"), purpose["retention_period"]),
        (
            _("Who receives it?"),
            [
                f"{each['name']}: {each['service']} ({each['country']})"
                for each in purpose["recipient_third_parties"]
            ],
        ),
        (_("How do you stop?"), [purpose["withdrawal_method"]]),
        (_("Your rights"), [", ".join(purpose["privacy_rights"])]),
    ]
    last = (_("Complaints"), ["Autoriteit Persoonsgegevens, autoriteitpersoonsgegevens.nl"])
    rows = [(*each, False) for each in ours] + [(*each, True) for each in shown] + [(*last, False)]
    return [
        (label, [line for line in lines if line], is_told)
        for label, lines, is_told in rows
        if any(lines)
    ]


def _declared(told: dict[str, Any] | None) -> str:
    """What staff declared of a yes from before Akkoord, and when; empty for our own words."""
    if told is None:
        return ""
    facts = {"day": _day(told["declared_at"], "j b Y"), "source": told["source"]}
    sentence = _(
        "These words were declared on %(day)s by a member of staff, for the people of "
        "“%(source)s”. We did not show them ourselves."
    )
    return sentence % facts


def _sealed(proof: dict[str, Any]) -> str:
    if proof["state"] != "sealed":
        return _(
            "Not sealed yet. That happens every minute: open this page again, and the proof is "
            "complete."
        )
    header = proof["headers"][0]
    return _("Sealed in block %(height)s, %(day)s.") % {
        "height": header["height"],
        "day": _day(header["sealed_at"]),
    }


def _day(moment: str, form: str = "j b Y, H:i") -> str:
    at = datetime.fromisoformat(moment)
    return date_format(timezone.localtime(at), fitting(form))
