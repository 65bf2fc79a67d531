"""What the check after an erasure looks for: gathered before, sealed until the certificate.

An erasure is proven only by looking for the person everywhere, and after the erasure nothing is
left to know them by. So the needles are kept, encrypted with a key outside the database, in a row
that goes with the certificate; a check that was cut short can go on.
"""

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from akkoord.consent.evidence_erase import lists_shared_by
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import files_key, keyed_hash
from akkoord.datamap.needles import Kind, Needles, Residence, join_needles, needles_of_many
from akkoord.datamap.prepared import prepared
from akkoord.rights.models import ErasureRun

NONCE = 12


def gather(people: Iterable[Sequence[UUID]]) -> tuple[Needles, frozenset[str]]:
    """The needles of these people (each with aliases), and the stores in which one may stay.

    Read before erasing. What is also somebody else's is no needle: an address that went to
    another person, or that a member of staff or the organisation itself uses; a door that a
    namesake shares. A signed list that others stand on too is theirs as well. Those stores are
    named, for the certificate.
    """
    groups = [list(each) for each in people]
    mine = [each for group in groups for each in group]
    found, stores = without_somebody_elses(needles_of_many(groups), mine)
    if lists_shared_by(mine):
        stores |= {"consent_evidencefile"}
    return found, stores


def without_somebody_elses(found: Needles, mine: Sequence[UUID]) -> tuple[Needles, frozenset[str]]:
    """The needles but for what is somebody else's too at this moment, and the stores of that."""
    homes = sorted(found.residences, key=repr)
    of_others, of_staff, of_house, namesakes = _shared(found, homes, mine)
    stores: set[str] = set()
    for store, addresses in (
        ("people_contactpoint", of_others),
        ("accounts_staff", of_staff),
        ("register_organisation", {each for each in map(_normal, of_house) if each}),
    ):
        found, is_shared = needles_without(found, addresses)
        if is_shared:
            stores.add(store)
    doors = set(_with_namesakes(homes, namesakes))
    if doors:
        stores.add("people_postaladdress")
    return replace(found, residences=found.residences - doors), frozenset(stores)


def of_the_house(found: Needles, mine: Sequence[UUID]) -> set[str]:
    """Of these needles the addresses that staff log in with, and those of the organisation."""
    _others, of_staff, of_house, _namesakes = _shared(found, [], mine)
    return of_staff | {each for each in map(_normal, of_house) if each}


def _normal(address: str) -> str:
    """An address as it is compared; empty for what cannot be one."""
    try:
        return normalise_email(address)
    except BadIdentifier:
        return ""


def needles_without(needles: Needles, addresses: set[str]) -> tuple[Needles, bool]:
    """The needles but for these addresses, and whether one of them was there."""
    texts = {
        each
        for each in needles.texts
        if each[1] in addresses or (each[0] is Kind.EMAIL and _normal(each[1]) in addresses)
    }
    phones = {each for each in needles.phones if f"+{each[0]}{each[1]}" in addresses}
    if not texts and not phones:
        return needles, False
    return (
        replace(
            needles,
            texts=needles.texts - texts,
            phones=needles.phones - phones,
            spellings=frozenset(x for x in needles.spellings if _normal(x) not in addresses),
            hashes=needles.hashes - {keyed_hash(each) for each in addresses},
        ),
        True,
    )


# Question: which addresses and numbers has somebody else too; which does a member of staff log in
# with, or the organisation use; who else with this last name lives at one of these doors?
# Indexes: people_contactpoint's of the address, people_postaladdress's of the squeezed postcode.
_SHARED = """
SELECT ARRAY(SELECT DISTINCT normalised FROM people_contactpoint
              WHERE normalised = ANY(%(texts)s::text[]) AND person_id <> ALL(%(mine)s::uuid[])),
       ARRAY(SELECT email FROM accounts_staff WHERE email = ANY(%(emails)s::text[])),
       ARRAY(SELECT unnest(ARRAY[contact_email, sender_email, officer_email])
               FROM register_organisation WHERE id = 1),
       ARRAY(SELECT ARRAY[h.place::text, p.given_name]
               FROM unnest(%(codes)s::text[], %(numbers)s::text[], %(names)s::text[])
                    WITH ORDINALITY AS h (code, number, name, place)
               JOIN people_postaladdress a
                 ON lower(regexp_replace(a.postcode, '\\s', '', 'g')) = h.code
                AND upper(a.house_number) = upper(h.number)
               JOIN people_person p
                 ON p.id = a.person_id AND upper(p.family_name) = upper(h.name)
              WHERE a.person_id <> ALL(%(mine)s::uuid[]))
"""


def _shared(
    needles: Needles, homes: Sequence[Residence], mine: Sequence[UUID]
) -> tuple[set[str], set[str], set[str], list[list[str]]]:
    """What of these is somebody else's too: other people's addresses and numbers, those of staff,
    those of the organisation itself; and who has the same name at a door: its place, first name."""
    texts = {text for _kind, text in needles.texts}
    texts |= {f"+{country}{number}" for country, number in needles.phones}
    [(others, staff, house, namesakes)] = prepared(
        _SHARED,
        {
            "texts": list(texts),
            "emails": [text for kind, text in needles.texts if kind is Kind.EMAIL],
            "mine": list(mine),
            "codes": [each.postcode for each in homes],
            "numbers": [each.number for each in homes],
            "names": [each.family_name for each in homes],
        },
    )
    return set(others), set(staff), {each for each in house if each}, namesakes


def _with_namesakes(
    homes: Sequence[Residence], namesakes: Iterable[Sequence[str]]
) -> Iterator[Residence]:
    """The homes where somebody else with this name, or its initial, lives at this door."""
    for place, given in namesakes:
        home = homes[int(place) - 1]
        if not home.given_name or given.lower()[:1] in ("", home.given_name[:1]):
            yield home


def seal_search(needles: Needles, people: Sequence[UUID], *, run_id: UUID) -> bytes:
    """Needles and ids, encrypted for one run."""
    plain = {
        "people": [str(each) for each in people],
        "ids": [str(each) for each in needles.ids],
        "texts": [[kind.value, text] for kind, text in needles.texts],
        "phones": [list(each) for each in needles.phones],
        "residences": [
            [each.family_name, each.given_name, each.postcode, each.number]
            for each in needles.residences
        ],
        "hashes": [each.hex() for each in needles.hashes],
        "spellings": list(needles.spellings),
    }
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(run_id)).encrypt(nonce, json.dumps(plain).encode(), run_id.bytes)


def open_search(sealed: bytes, *, run_id: UUID) -> tuple[Needles, list[UUID]]:
    """The needles and ids of a run; raises cryptography's InvalidTag with other keys."""
    plain = json.loads(AESGCM(_key(run_id)).decrypt(sealed[:NONCE], sealed[NONCE:], run_id.bytes))
    needles = Needles(
        ids=frozenset(map(UUID, plain["ids"])),
        texts=frozenset((Kind(kind), text) for kind, text in plain["texts"]),
        phones=frozenset((country, number) for country, number in plain["phones"]),
        residences=frozenset(Residence(*each) for each in plain["residences"]),
        hashes=frozenset(map(bytes.fromhex, plain["hashes"])),
        spellings=frozenset(plain["spellings"]),
    )
    return needles, [UUID(each) for each in plain["people"]]


def searches_of(run: ErasureRun) -> tuple[Needles, list[UUID]] | None:
    """The needles and ids of all batches of a run; None when it is proven, or nobody went."""
    parts = [
        open_search(bytes(each), run_id=run.id)
        for each in run.search.order_by("id").values_list("sealed", flat=True)
    ]
    if not parts:
        return None
    return join_needles([each[0] for each in parts]), [one for each in parts for one in each[1]]


def _key(run_id: UUID) -> bytes:
    """A key of this run's own, from the master that never stands in the database."""
    return hmac.digest(files_key(), b"akkoord erasure search v1\0" + run_id.bytes, "sha256")
