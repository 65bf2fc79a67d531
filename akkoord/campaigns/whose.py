"""Whose the mail servers are, as the page shows it: what holds now, and what was said before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from akkoord.messages.contracts import Whose, processor_key, servers_of_whom
from akkoord.register.models import Recipient
from akkoord.trail.models import Change
from akkoord.trail.queries import staff_names

OWN, OTHER = "mail-server.own", "mail-server.whose"
_MOST = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a server: ours (no company), or of which company."""

    at: datetime
    by: str
    company: str


@dataclass(frozen=True, slots=True)
class WhoseRow:
    """A server with what was said of it, newest first."""

    whose: Whose
    history: list[Said]


def said_about(host: str) -> UUID:
    """What the trail calls a machine that letters are handed to: its name, as a number."""
    return uuid5(NAMESPACE_URL, f"mail-host:{host}")


def whose_rows() -> list[WhoseRow]:
    """Every server that is not in our own network, with its history; a bounded number of
    statements."""
    found = servers_of_whom()
    history = _history(each for each in found if not each.relay.account)
    return [WhoseRow(each, history.get(said_about(each.host), [])[:_MOST]) for each in found]


def _history(servers: Iterable[Whose]) -> dict[UUID, list[Said]]:
    """What was said of these, by the number of their machine."""
    keys = {said_about(each.host): processor_key(each.relay) for each in servers}
    if not keys:
        return {}
    changes = list(
        Change.objects.filter(action__in=(OWN, OTHER), object_id__in=keys).order_by("-id")
    )
    names = staff_names({each.actor_id for each in changes if each.actor_id})
    # Written in the same act, at the same moment.
    companies = {
        (each.key, each.valid_from): each.name
        for each in Recipient.objects.filter(key__in=set(keys.values()))
    }
    rows: dict[UUID, list[Said]] = {}
    for each in changes:
        if each.object_id is None:
            continue
        company = ""
        if each.action == OTHER:
            company = companies.get((keys[each.object_id], each.at), "")
        by = names.get(each.actor_id, "") if each.actor_id else ""
        rows.setdefault(each.object_id, []).append(Said(each.at, by, company))
    return rows
