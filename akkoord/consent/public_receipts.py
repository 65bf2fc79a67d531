"""A person's receipts: list, page, PDF and the machine-readable file; by a fresh link only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from akkoord.consent.models import PermissionEvent
from akkoord.consent.public_preferences import in_own_language
from akkoord.consent.queries import living_point, standings_at
from akkoord.consent.receipt_words import receipt_pdf, words_of_receipt
from akkoord.consent.receipts import grant_of, grants_of, receipt_file, receipt_of
from akkoord.consent.tokens import is_stale, read_fresh
from akkoord.people.models import ContactPoint

Answer = Callable[[ContactPoint], HttpResponse]


def _for_owner(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    """Answer who came by a fresh link; all others get the page that mails one."""
    place = read_fresh(token)
    point = living_point(place.point_id) if place else None
    if place is None or point is None or is_stale(place, at=timezone.now()):
        return redirect("consent_public:preferences", token=token)
    return in_own_language(request, point, lambda: answer(point))


@dataclass(slots=True)
class TopicProof:
    """The yes of a topic that counts now (or came last), and the yeses before it."""

    event: PermissionEvent
    is_current: bool
    earlier: list[PermissionEvent] = field(default_factory=list)


def receipts(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that this address ever said yes to, by topic, each with its receipt."""

    def answer(point: ContactPoint) -> HttpResponse:
        context = {"rows": proof_by_topic(point), "token": token}
        return render(request, "consent/public/receipts.html", context)

    return _for_owner(request, token, answer)


def proof_by_topic(point: ContactPoint) -> list[TopicProof]:
    """The newest yes of each topic, newest topic first, with the older ones under it."""
    current = {each.event_id for each in standings_at(point.id).values()}
    rows: dict[UUID, TopicProof] = {}
    for event in grants_of(point):
        topic = event.purpose_version.purpose_id
        if topic in rows:
            rows[topic].earlier.append(event)
        else:
            rows[topic] = TopicProof(event, event.id in current)
    return list(rows.values())


def receipt(request: HttpRequest, token: str, event: UUID, kind: str = "page") -> HttpResponse:
    """One receipt, in the form that was asked for."""

    def answer(point: ContactPoint) -> HttpResponse:
        found = grant_of(point, event)
        if found is None:
            raise Http404
        made = receipt_of(found, address=point.value, at=timezone.now())
        if kind == "json":
            return _file(receipt_file(made), "application/json", f"akkoord-{event}.json")
        if kind == "pdf":
            return _file(receipt_pdf(made), "application/pdf", f"akkoord-{event}.pdf")
        context = {"words": words_of_receipt(made), "event": event, "token": token}
        return render(request, "consent/public/receipt.html", context)

    return _for_owner(request, token, answer)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
