"""What the pages of sales show: a file's result, and why a person may be written to."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from akkoord.consent.models import CollectingPlace, CollectionPoint
from akkoord.imports.models import Import
from akkoord.imports.placing import Placeless
from akkoord.imports.sales_forms import PlaceForm
from akkoord.imports.sentences import address_sentence, sale_sentence
from akkoord.law.basis_rules import basis_carries
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import OptOutAnswer, carries_until
from akkoord.law.states import Basis, Channel
from akkoord.people.models import Person, Purchase, Relation
from akkoord.permission.queries import answers_for
from akkoord.permission.sentences import sentence_of, way_of, way_url_of, words_of
from akkoord.register.queries import current_versions, live_topics

SHOWN = 10
NOWHERE = UUID(int=0)
BUSY = (Import.State.WAITING, Import.State.RUNNING)


def may_call_customers() -> bool:
    """Whether the law of today lets anybody call a customer without a yes (INV-16)."""
    return basis_carries(Basis.EXISTING_CUSTOMER, Channel.PHONE, on=timezone.localdate())


def sales_result(record: Import) -> dict[str, Any]:
    """Everything of a file's result page."""
    reasons = sorted(record.not_mailable.items(), key=lambda each: -each[1])
    return {
        "record": record,
        "is_busy": record.state in BUSY,
        "reasons": [
            {
                "label": words_of(Reason(reason)),
                "count": count,
                "way": way_of(Reason(reason)),
                "way_url": way_url_of(Reason(reason)),
            }
            for reason, count in reasons
        ],
        "refusals": [
            {"row": each.row, "part": each.part, "sentence": sale_sentence(each.reason)}
            for each in record.refusals.order_by("part", "row")[:100]
        ],
        "tables": record.parts if len(record.parts) > 1 else [],
        "articles": record.sales.get("articles_without_group", {}),
        "addresses_out": [
            address_sentence(why, count)
            for why, count in record.sales.get("addresses_left_out", {}).items()
        ],
        "sellers": record.sales.get("other_sellers", {}),
    }


def placeless_page(
    groups: list[Placeless], sent: PlaceForm, places: list[tuple[str, str]]
) -> dict[str, Any]:
    """Sales without a place; what was sent wrongly stands with its own file."""
    about = sent.data.get("group") if sent.is_bound else None
    return {
        "has_places": bool(places),
        "groups": [
            {
                "sales": each,
                "form": sent
                if each.key == about
                else PlaceForm(auto_id=f"id_{number}_%s", places=places),
            }
            for number, each in enumerate(groups)
        ],
    }


def why_of(person: Person) -> dict[str, Any]:
    """Why this person may be written to as a customer, sale by sale; and per topic."""
    now = timezone.now()
    sales = list(
        Purchase.objects.filter(person=person)
        .select_related("contact_point", "company")
        .order_by("-bought_on", "-id")[: SHOWN + 1]
    )
    topics = [each for each in live_topics() if each.product_groups] if sales else []
    answers = answers_for(person, topics, Channel.EMAIL, at=now)
    return {
        "person": person,
        "sales": [_sale(each, seen) for each, seen in _with_seen(sales[:SHOWN])],
        "is_more": len(sales) > SHOWN,
        "topics": [
            {
                "name": version.name,
                "may": (refusal := answers[version.purpose_id]) is None,
                "reason": sentence_of(refusal.reason) if refusal else "",
                "way": way_of(refusal.reason) if refusal else "",
                "way_url": way_url_of(refusal.reason) if refusal else "",
            }
            for version in current_versions(topics)
        ],
        "contacts": list(
            Relation.objects.filter(
                person=person, kind=Relation.Kind.CONTACT, until=None
            ).select_related("company")
        ),
    }


def _with_seen(sales: list[Purchase]) -> list[tuple[Purchase, dict[str, Any]]]:
    """Each sale with its place and what was seen there; two statements for all."""
    names = dict(
        CollectingPlace.objects.filter(id__in={each.place_id for each in sales}).values_list(
            "id", "name"
        )
    )
    wanted = {each.optout_shown_id for each in sales if each.optout_shown_id is not None}
    shown = CollectionPoint.objects.in_bulk(wanted)
    found = []
    for each in sales:
        point = shown.get(each.optout_shown_id) if each.optout_shown_id else None
        text = str(point.snapshot.get("text", "")) if point else ""
        found.append(
            (each, {"place": names.get(each.place_id or NOWHERE), "point": point, "text": text})
        )
    return found


def _sale(sale: Purchase, seen: dict[str, Any]) -> dict[str, Any]:
    until = carries_until(sale.bought_on, timezone.localdate())
    answer = OptOutAnswer(sale.optout_answer)
    return {
        "number": sale.number,
        "bought_on": sale.bought_on,
        "groups": [each for each in (sale.product_group, *(sale.other_groups or [])) if each],
        "address": sale.contact_point.value if sale.contact_point else "",
        "company": sale.company,
        "is_reversed": sale.reversed_on is not None,
        "said_no": answer is OptOutAnswer.USED,
        "not_shown": answer is OptOutAnswer.NOT_SHOWN,
        "until": until,
        "is_over": until is not None and until < timezone.localdate(),
        **seen,
    }
