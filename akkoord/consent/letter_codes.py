"""Codes on letters: made, read, used. Twelve signs that people can copy from paper.

The last two are a check, so that a slip of the pen is told from the code alone, and says nothing
of anybody. A code that is spelled right gets the same answer whether a letter carries it or not.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import transaction

from akkoord.consent.code_models import LetterCode, WrongCode
from akkoord.consent.tokens import StopPlace
from akkoord.consent.withdraw import stop_by_link
from akkoord.datamap.keys import keyed_hash
from akkoord.law.states import Method

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 and O, no 1, I and L, no U
_LENGTH, _CHECK = 10, 2
MOST_WRONG = 20  # wrong codes an hour from one network: then nothing is looked up from there
WRONG_TIME = timedelta(hours=1)
_READ_AS = str.maketrans("", "", " -–—.\t\n")


@dataclass(frozen=True, slots=True)
class Lettered:
    """One letter that a code is made for."""

    message_id: UUID
    person_id: UUID
    point_id: UUID


class CodeAnswer(Enum):
    """What a typed code came to."""

    STOPPED = "stopped"
    MISSPELLED = "misspelled"
    TOO_MANY = "too-many"


def make_codes(
    letters: Iterable[Lettered], *, purpose_id: UUID, at: datetime
) -> Mapping[UUID, str]:
    """A new code for each letter, by the letter's id; an older one of it no longer counts.

    The code itself is kept nowhere but on the letter.
    """
    wanted = list(letters)
    LetterCode.objects.filter(message_id__in=[each.message_id for each in wanted]).delete()
    codes = {each.message_id: _new_code() for each in wanted}
    LetterCode.objects.bulk_create(
        [
            LetterCode(
                person_id=each.person_id,
                contact_point_id=each.point_id,
                purpose_id=purpose_id,
                message_id=each.message_id,
                code_hash=_hashed(codes[each.message_id]),
                made_at=at,
            )
            for each in wanted
        ]
    )
    return codes


def drop_codes(message_ids: Iterable[UUID]) -> int:
    """Codes of letters that were thrown away before anybody got them; how many."""
    return LetterCode.objects.filter(message_id__in=list(message_ids)).delete()[0]


def shown(code: str) -> str:
    """A code as it stands on paper, in fours."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """A typed code in its one spelling; empty: it cannot be one."""
    text = typed[:60].upper().translate(_READ_AS)
    text = text.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(text) != _LENGTH + _CHECK or any(sign not in _SIGNS for sign in text):
        return ""
    return text if text[_LENGTH:] == _check(text[:_LENGTH]) else ""


@transaction.atomic
def stop_by_code(typed: str, *, network: str, at: datetime) -> CodeAnswer:
    """Stop letters about this topic for whom this code stands on a letter; idempotent.

    Nobody is asked who they are (art. 12(6)). Only wrong codes are counted, so that nobody can find
    others' by guessing; the link in the code of the letter is never held up.
    """
    code = read_code(typed)
    if not code:
        return CodeAnswer.MISSPELLED
    source = keyed_hash(f"network {network}")
    since = at - WRONG_TIME
    WrongCode.objects.filter(at__lte=since).delete()
    wrong = WrongCode.objects.filter(network_hash=source, at__gt=since).count()
    if network and wrong >= MOST_WRONG:
        return CodeAnswer.TOO_MANY
    found = LetterCode.objects.filter(code_hash=_hashed(code)).first()
    if found is None:
        WrongCode.objects.create(network_hash=source, at=at)
    else:
        place = StopPlace(found.contact_point_id, found.purpose_id, found.message_id)
        stop_by_link(place, at=at, method=Method.LETTER_CODE)
    return CodeAnswer.STOPPED


def _new_code() -> str:
    stem = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return stem + _check(stem)


def _check(stem: str) -> str:
    """Two signs that follow from the others; a mistake is found in 899 of 900."""
    number = int.from_bytes(hashlib.sha256(stem.encode()).digest()[:8], "big")
    return _SIGNS[number % 30] + _SIGNS[number // 30 % 30]


def _hashed(code: str) -> bytes:
    return keyed_hash(f"letter code {code}")
