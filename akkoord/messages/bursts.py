"""Many links of one letter within a second: a machine that looks, not somebody who reads.

Who asked is known for a second only, in this process's memory, as a hash under a key that is made
at its start and never written: no address is kept, not even a part of one.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from uuid import UUID

from akkoord.law.hit_rules import BURST_SECONDS, is_burst

Place = tuple[UUID, datetime, int]  # where a press was counted: link, hour, shard

_MOST = 20_000
_key = secrets.token_bytes(32)
_seen: OrderedDict[bytes, tuple[float, dict[UUID, Place | None]]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Burst:
    """What a request was part of. `earlier`: what was counted as presses a moment ago."""

    is_machine: bool
    earlier: tuple[Place, ...] = ()


def look(asker: str, letter: UUID, counted: Place) -> Burst:
    """Whether this asker took so many links of a letter at once that it is a machine.

    `counted`: what to give back of this request when more follow within the second.
    """
    now, link = monotonic(), counted[0]
    name = hashlib.blake2b(f"{asker}\0{letter}".encode(), key=_key, digest_size=16).digest()
    with _lock:
        _forget(now)
        began, links = _seen.setdefault(name, (now, {}))
        links.setdefault(link, counted)
        if not is_burst(len(links), now - began):
            return Burst(is_machine=False)
        earlier = tuple(each for key, each in links.items() if each is not None and key != link)
        links.update(dict.fromkeys(links))  # given back once
        return Burst(is_machine=True, earlier=earlier)


def _forget(now: float) -> None:
    """What is older than a second, the oldest first; and the oldest when there are too many."""
    while _seen:
        name, (began, _links) = next(iter(_seen.items()))
        if len(_seen) < _MOST and now - began <= BURST_SECONDS:
            return
        del _seen[name]
