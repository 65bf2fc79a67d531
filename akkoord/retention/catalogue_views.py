"""Staff pages: the field catalogue, one field with its uses, and everything else that is kept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from akkoord.law.parameters import parameter
from akkoord.law.terms import law_day
from akkoord.retention.catalogue import CatalogueRow, catalogue_rows, kept_of, who_sees
from akkoord.retention.letting_go import FieldStays, let_field_go
from akkoord.retention.shown import kept_columns
from akkoord.trail.actions import actor_of

KINDS = ("eigen", "kan-weg", "niet-compleet")


def _tabs(rows: list[CatalogueRow], kind: str) -> list[dict[str, Any]]:
    url = reverse("retention:catalogue")
    counts = {each: sum(_is_of(row, each) for row in rows) for each in KINDS}
    words = (_("Made by you"), _("Can go?"), _("Not complete"))
    shown = [
        {"label": word, "url": f"{url}?soort={each}", "is_current": kind == each, "count": n}
        for (each, n), word in zip(counts.items(), words, strict=True)
    ]
    everything = {"label": _("All fields"), "url": url, "is_current": not kind, "count": len(rows)}
    url = reverse("retention:catalogue_all")
    other = {"label": _("What Akkoord notes"), "url": url, "is_current": kind == "alles"}
    return [everything, *shown, other]


def _is_of(row: CatalogueRow, kind: str) -> bool:
    if kind == "eigen":
        return row.field.is_own
    return row.asks_to_go if kind == "kan-weg" else bool(row.lacks)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every field that is kept: what for, on which ground, how long, and used when."""
    now = timezone.now()
    rows = catalogue_rows(at=now)
    kind = request.GET.get("soort", "")
    kind = kind if kind in KINDS else ""
    asked = request.GET.get("q", "").strip()[:80]
    shown = [each for each in rows if not kind or _is_of(each, kind)]
    if asked:
        words = asked.casefold()
        shown = [each for each in shown if words in f"{each.field.name} {each.category}".casefold()]
    page = {
        "rows": shown,
        "tabs": _tabs(rows, kind),
        "kind": kind,
        "asked": asked,
        "incomplete": sum(bool(each.lacks) for each in rows),
        "idle": sum(each.asks_to_go for each in rows),
        "months": parameter("unused-field-term", law_day(now)),
    }
    return render(request, "retention/catalogue.html", page)


@require_safe
def catalogue_field(request: HttpRequest, key: str) -> HttpResponse:
    """One field: all that the register says of it, who sees it, and each place that uses it."""
    now = timezone.now()
    rows = catalogue_rows(at=now, key=key)
    if not rows:
        raise Http404
    row = rows[0]
    page = {
        "row": row,
        "kept": kept_of(row.field) if row.field.is_own else None,
        "live": [each for each in row.uses if each.is_live],
        "roles": who_sees(),
        "months": parameter("unused-field-term", law_day(now)),
    }
    return render(request, "retention/catalogue_field.html", page)


@require_safe
def catalogue_all(request: HttpRequest) -> HttpResponse:
    """What is kept besides, per table of the data map."""
    page = {"stores": kept_columns(), "tabs": _tabs(catalogue_rows(at=timezone.now()), "alles")}
    return render(request, "retention/catalogue_all.html", page)


@require_POST
def field_go(request: HttpRequest, key: str) -> HttpResponse:
    """A field goes, with all that is kept in it."""
    try:
        gone = let_field_go(field_key=key, at=timezone.now(), actor=actor_of(request))
    except FieldStays as refusal:
        places = ", ".join(dict.fromkeys(f"“{each.name}”" for each in refusal.uses))
        messages.error(request, f"{refusal.sentence} {places}".strip())
        return redirect("retention:catalogue_field", key=key)
    said = ngettext(
        "The field is gone, with the answer of {n} person.",
        "The field is gone, with the answers of {n} people.",
        gone.people,
    ).format(n=number_format(gone.people, use_l10n=True, force_grouping=True))
    messages.success(request, said)
    return redirect("retention:catalogue")
