"""Looking for thousands of needles at once, at the price of reading everything once.

Comparing each text with each needle costs needles times texts. Here one automaton (Aho-Corasick)
finds in a single pass which needles could stand in a text; only those are judged exactly. It may
say yes too often and never too rarely, as the coarse question to the database does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from uuid import UUID

from ahocorasick_rs import BytesAhoCorasick

from akkoord.datamap.judging import Judge, readings
from akkoord.datamap.needles import Kind, Needles, Residence, fold

MANY = 120  # needles of one kind; fewer are looked for by the database itself
_NOT_PLAIN = bytes(each for each in range(256) if not (48 <= each <= 57 or 97 <= each <= 122))

Needle = Any  # a text with its kind, a phone number, a home; or what a caller means by its key


def is_many(needles: Needles) -> bool:
    """Whether looking for them one by one costs more than reading everything once."""
    return max(len(needles.ids), len(needles.texts), len(needles.hashes)) > MANY


def judge_of(needles: Needles) -> Judge:
    """Who judges texts for these needles, however many there are."""
    return ManyJudge(needles) if is_many(needles) else Judge(needles)


class Keys:
    """Byte strings to look for, and what each of them stands for; all found in one pass."""

    def __init__(self) -> None:
        self._of: dict[bytes, set[Needle]] = defaultdict(set)

    def add(self, key: bytes, needle: Needle) -> None:
        """Whoever finds the key thinks of the needle."""
        self._of[key].add(needle)

    @cached_property
    def _listed(self) -> list[bytes]:
        return list(self._of)

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._listed)

    def found_in(self, text: bytes) -> Iterator[tuple[int, set[Needle]]]:
        """Where a key begins, and the needles that it stands for."""
        if not self._of:
            return
        listed, of = self._listed, self._of
        for which, start, _end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            yield start, of[listed[which]]


class ManyJudge(Judge):
    """Judges as `Judge` does, and costs the same for one needle and for a hundred thousand."""

    def kinds_in(self, text: str) -> set[Kind]:
        """What of the people stands in a text, in whatever usual coding."""
        found: set[Kind] = set()
        for form in readings(text):
            folded = fold(form)
            could = self._could_stand_in(folded)
            if len(could):
                found |= set(Judge(could)._kinds_in_plain(folded))
        return found

    def is_named_by(self, value: bytes) -> set[Kind]:
        """What of the people stands in raw bytes: ids and keyed hashes."""
        return {kind for _at, kinds in self._raw.found_in(value) for kind, _none in kinds}

    def _could_stand_in(self, text: str) -> Needles:
        """The needles of which something stands in a folded text."""
        raw = text.encode(errors="replace")
        squeezed = raw.translate(None, _NOT_PLAIN)
        found: set[Needle] = set()
        for _at, needles in self._literals.found_in(raw):
            found |= needles
        for _at, needles in self._digits.found_in(squeezed):
            found |= needles
        return sorted_out(each for each in found if _has_its_door(each, squeezed))

    @cached_property
    def _literals(self) -> Keys:
        """Everything that stands as it is, in small letters; of a home the last name."""
        keys = Keys()
        for kind, literal in self._needles.texts:
            keys.add(literal.encode(), (kind, literal))
        for each in self._needles.ids:
            for form in (str(each), each.hex):
                keys.add(form.encode(), (Kind.ID, each.hex))
        for digest in self._needles.hashes:
            keys.add(digest.hex().encode(), (Kind.KEYED_HASH, digest.hex()))
        for home in self._needles.residences:
            keys.add(home.family_name.encode(), home)
        return keys

    @cached_property
    def _digits(self) -> Keys:
        """Phone numbers, in a text of which only letters and digits are left."""
        keys = Keys()
        for country, bare in self._needles.phones:
            keys.add(bare.encode(), (country, bare))
        return keys

    @cached_property
    def _raw(self) -> Keys:
        keys = Keys()
        for each in self._needles.ids:
            keys.add(each.bytes, (Kind.ID, ""))
        for digest in self._needles.hashes:
            keys.add(digest, (Kind.KEYED_HASH, ""))
        return keys


def _has_its_door(needle: Needle, squeezed: bytes) -> bool:
    """Of a home the postcode must stand there too; many people share a last name."""
    if not isinstance(needle, Residence):
        return True
    return needle.postcode.encode().translate(None, _NOT_PLAIN) in squeezed


def sorted_out(found: Iterable[Needle]) -> Needles:
    """Needles of all kinds as the judge takes them."""
    ids: set[UUID] = set()
    hashes: set[bytes] = set()
    texts: set[tuple[Kind, str]] = set()
    phones: set[tuple[str, str]] = set()
    homes: set[Residence] = set()
    for each in found:
        if isinstance(each, Residence):
            homes.add(each)
        elif each[0] == Kind.ID:
            ids.add(UUID(each[1]))
        elif each[0] == Kind.KEYED_HASH:
            hashes.add(bytes.fromhex(each[1]))
        elif isinstance(each[0], Kind):
            texts.add((each[0], each[1]))
        else:
            phones.add((each[0], each[1]))
    return Needles(
        ids=frozenset(ids),
        texts=frozenset(texts),
        phones=frozenset(phones),
        residences=frozenset(homes),
        hashes=frozenset(hashes),
    )
