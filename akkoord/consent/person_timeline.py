"""What a person agreed to and stopped, as staff read it: one line per act.

A sign-up is asked, and then confirmed or not: that is one act, shown by how it ended, with the
whole series folded under it.
"""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from akkoord.consent.queries import HistoryEntry, history_of
from akkoord.consent.words import channel_word, method_word, state_icon, state_word
from akkoord.law.states import Method
from akkoord.people.page import TimelineEntry
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import Purpose

Act = tuple[Any, ...]


def timeline(person_ids: Sequence[Any], limit: int) -> list[TimelineEntry]:
    """The newest acts with the exact words that were shown, newest first; two queries.

    All staff read it, so not what was said about a field of a special category (INV-32).
    """
    apart = set(
        Purpose.objects.filter(activity_key__startswith=SPECIAL).values_list("id", flat=True)
    )
    acts: dict[Act, list[HistoryEntry]] = {}
    for entry in history_of(person_ids, limit):
        if entry.topic.purpose_id in apart:
            continue
        acts.setdefault(_act(entry), []).append(entry)
    return [_line(each) for each in acts.values()]


def _act(entry: HistoryEntry) -> Act:
    """What belongs together: the events of one sign-up about one topic; else the event alone."""
    sign_up = entry.evidence.get("sign_up")
    return (sign_up, entry.topic.purpose_id) if sign_up else (entry.event_id,)


def _line(series: Sequence[HistoryEntry]) -> TimelineEntry:
    """An act by how it stands, with its series when it has more than one step."""
    entry = series[0]
    return TimelineEntry(
        at=entry.at,
        icon=state_icon(entry.state),
        title=_title(entry),
        detail=" · ".join(part for part in _parts(entry) if part),
        kind="good" if entry.state in ("given", "confirmed") else "",
        url=_evidence_url(entry.evidence),
        proof_url=_proof_url(entry),
        series=tuple(
            TimelineEntry(
                at=each.at,
                icon=state_icon(each.state),
                title=_title(each),
                detail=_how(each),
                proof_url=reverse("trail:event", args=[each.event_id]),
            )
            for each in reversed(series)
        )
        if len(series) > 1
        else (),
    )


def _title(entry: HistoryEntry) -> str:
    return f"{state_word(entry.state, entry.basis)}: {entry.topic.name}"


def _parts(entry: HistoryEntry) -> list[str]:
    return [
        _how(entry),
        channel_word(entry.channel),
        entry.wording,
        entry.evidence.get("where") or entry.evidence.get("description", ""),
        str(_("throw-away address")) if entry.evidence.get("throw_away") else "",
    ]


def _how(entry: HistoryEntry) -> str:
    """How an act came in; of a file's group, on what it was given rather than that it is a file."""
    kind = entry.evidence.get("kind", "") if entry.method == Method.IMPORT else ""
    return method_word(kind or entry.method)


def _evidence_url(evidence: dict[str, Any]) -> str:
    """Where the scan of this yes can be seen; empty without one."""
    return reverse("consent:evidence_file", args=[evidence["file"]]) if "file" in evidence else ""


def _proof_url(entry: HistoryEntry) -> str:
    return reverse("consent:form_version", args=[entry.shown_id]) if entry.shown_id else ""
