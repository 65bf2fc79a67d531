"""What a person's page shows of published business addresses: where, which words, who saw it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from akkoord.accounts.queries import members
from akkoord.consent.models import PermissionEvent
from akkoord.consent.published import living_publications
from akkoord.consent.published_forms import FORMS
from akkoord.people.models import Company, Person
from akkoord.register.models import PurposeVersion


@dataclass(frozen=True, slots=True)
class PublicationShown:
    """One publication, ready to show; `until`: the last day on which it counts.

    `legal_form`: in the reader's words.
    """

    point_id: UUID
    topic_id: UUID
    topic: str
    address: str
    company: str
    legal_form: str
    url: str
    quote: str
    seen_on: date | None
    seen_by: str
    until: date | None
    proof_url: str
    file_url: str


def published_shown(person: Person) -> dict[str, Any]:
    """The section's context; one query where there is nothing, five where there is."""
    standings = list(
        living_publications(person.id).select_related("contact_point").order_by("since", "id")
    )
    if not standings:
        return {"person_id": person.id, "publications": []}
    events = PermissionEvent.objects.in_bulk([each.event_id for each in standings])
    topics = {
        version.purpose_id: version.name
        for version in PurposeVersion.objects.filter(
            purpose_id__in=[each.purpose_id for each in standings], valid_to=None
        )
    }
    evidence = {each.event_id: events[each.event_id].evidence or {} for each in standings}
    companies = Company.objects.in_bulk([each["company"] for each in evidence.values()])
    staff = {each.id: str(each) for each in members()}
    return {
        "person_id": person.id,
        "publications": [
            PublicationShown(
                point_id=each.contact_point_id,
                topic_id=each.purpose_id,
                topic=topics.get(each.purpose_id, ""),
                address=each.contact_point.value,
                company=str(companies.get(UUID(said["company"]), "")),
                legal_form=str(dict(FORMS).get(said["legal_form"], said["legal_form"])),
                url=said["published_at"],
                quote=said["quote"],
                seen_on=parse_date(said["seen_on"]),
                seen_by=staff.get(events[each.event_id].actor_ref or each.id, ""),
                until=timezone.localdate(each.valid_until) - timedelta(days=1)
                if each.valid_until
                else None,
                proof_url=reverse("trail:event", args=[each.event_id]),
                file_url=reverse("consent:evidence_file", args=[said["file"]])
                if "file" in said
                else "",
            )
            for each in standings
            if (said := evidence[each.event_id])
        ],
    }
