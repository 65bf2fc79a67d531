"""Presses on the links of a letter, counted per letter and link and of nobody (INV-28)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from akkoord.law.hit_rules import HitKind, judge_hit
from akkoord.messages import bursts
from akkoord.messages.click_models import Link
from akkoord.messages.counting import key_of, run_of

_SHARDS = 8
_MORE = """
INSERT INTO messages_linkcount AS c (link_id, hour, kind, shard, n) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (link_id, hour, kind, shard) DO UPDATE SET n = c.n + 1
"""
_LESS = """
UPDATE messages_linkcount SET n = n - 1
 WHERE link_id = %s AND hour = %s AND kind = %s AND shard = %s AND n > 0
"""


def counting_base(dispatch_id: UUID) -> str:
    """What the counted links of a run begin with; the number of the link follows."""
    return f"{settings.BASE_URL}/k/{key_of(dispatch_id)}"


def web_copy_url(dispatch_id: UUID) -> str:
    """Where a letter stands in the browser: the same address for everybody who got it."""
    return f"{settings.BASE_URL}/lees/{key_of(dispatch_id)}/"


def note_links(dispatch_id: UUID, urls: tuple[str, ...]) -> None:
    """Write down which links a letter holds: our address leads to these and nowhere else."""
    Link.objects.bulk_create(
        Link(dispatch_id=dispatch_id, place=place, url=url)
        for place, url in enumerate(urls, start=1)
    )


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a link, as far as it is looked at. `asker`: known for a second only."""

    method: str
    headers: Mapping[str, str]
    asker: str


def link_of(key: str, place: int) -> Link | None:
    """The link of an address of ours; None: it stood in no letter."""
    run = run_of(key)
    return Link.objects.filter(dispatch_id=run, place=place).first() if run else None


def count_hit(link: Link, request: Request, *, at: datetime) -> HitKind:
    """Count one request for a link, without a word of who asked; answers as what.

    A machine that takes many links at once is found at the third: what was counted for the first
    two is then counted apart as well.
    """
    shard = random.randrange(_SHARDS)  # noqa: S311 - spreads writers, no secret
    hour = at.replace(minute=0, second=0, microsecond=0)
    place = (link.id, hour, shard)
    kind = judge_hit(method=request.method, headers=request.headers)
    earlier: tuple[bursts.Place, ...] = ()
    if kind is HitKind.PRESS:
        found = bursts.look(request.asker, link.dispatch_id, place)
        kind = HitKind.AHEAD if found.is_machine else kind
        earlier = found.earlier
    with connection.cursor() as cursor:
        cursor.execute(_MORE, [link.id, hour, kind.value, shard])
        for before, when, where in earlier:
            cursor.execute(_LESS, [before, when, HitKind.PRESS.value, where])
            cursor.execute(_MORE, [before, when, HitKind.AHEAD.value, where])
    return kind
