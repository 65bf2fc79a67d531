"""Looking for thousands of needles at once, at the price of reading everything once.

Comparing each text with each needle costs needles times texts. Here one automaton (Aho-Corasick)
finds in a single pass which needles could stand in a text; only those are judged exactly. It may
say yes too often and never too rarely, as the coarse question to the database does.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from ahocorasick_rs import BytesAhoCorasick

from akkoord.datamap.judging import Judge, stands_as_a_whole
from akkoord.datamap.needles import Kind, Needles, Residence

MANY = 120  # needles of one kind; fewer are looked for by the database itself
_NOT_PLAIN = bytes(each for each in range(256) if not (48 <= each <= 57 or 97 <= each <= 122))

# Bytes around a needle that say whether it is part of something else: a sign, and two file endings.
_BEFORE, _AFTER = 4, 64
_PART = 12  # signs of a hash or an id that are enough to be rare

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
    """Judges as `Judge` does, and costs the same for one needle and for a hundred thousand.

    Also where thousands of them stand in one file, as their keyed hashes do in the journal: what
    the automaton found is judged where it stands, until each kind was found once.
    """

    def is_named_by(self, value: bytes) -> set[Kind]:
        """What of the people stands in raw bytes: ids and keyed hashes."""
        return {
            kind
            for at, forms in self._raw.found_in(value)
            for kind, form in forms
            if value.startswith(form, at)
        }

    def _kinds_in_plain(self, text: str) -> Iterator[Kind]:
        """The kinds in one folded text, each of them once."""
        raw = text.encode(errors="replace")
        told: set[Kind] = set()
        for at, needles in self._literals.found_in(raw):
            for kind, literal, into in needles:
                if kind not in told and _stands_at(raw, at - into, kind, literal):
                    told.add(kind)
                    yield kind
        squeezed = raw.translate(None, _NOT_PLAIN)
        phones = {each for _at, found in self._digits.found_in(squeezed) for each in found}
        yield from islice(Judge(Needles(phones=frozenset(phones)))._kinds_in_plain(text), 1)
        homes = frozenset(self._homes_by_their_door(raw, squeezed))
        yield from islice(Judge(Needles(residences=homes))._kinds_in_plain(text), 1)

    def _homes_by_their_door(self, raw: bytes, squeezed: bytes) -> Iterator[Residence]:
        """The homes of which last name and postcode stand there; many people share one of both."""
        names = {each for _at, found in self._families.found_in(raw) for each in found}
        for each in names:
            for home in self._homes[each]:
                if home.postcode.encode().translate(None, _NOT_PLAIN) in squeezed:
                    yield home

    @cached_property
    def _literals(self) -> Keys:
        """Everything that stands as it is, in small letters, and how far into it its key begins.

        What is drawn by lot is known by a part of it: a quarter of the automaton.
        """
        keys = Keys()
        for kind, literal in self._needles.texts:
            keys.add(literal.encode(), (kind, literal, 0))
        for each in self._needles.ids:  # they begin with a time that many share
            for form in (str(each), each.hex):
                keys.add(form[-_PART:].encode(), (Kind.ID, form, len(form) - _PART))
        for digest in self._needles.hashes:
            form = digest.hex()
            keys.add(form[:_PART].encode(), (Kind.KEYED_HASH, form, 0))
        return keys

    @cached_property
    def _homes(self) -> dict[str, list[Residence]]:
        """By their last name."""
        homes = defaultdict(list)
        for home in self._needles.residences:
            homes[home.family_name].append(home)
        return homes

    @cached_property
    def _families(self) -> Keys:
        keys = Keys()
        for family in self._homes:
            keys.add(family.encode(), family)
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
            keys.add(each.bytes, (Kind.ID, each.bytes))
        for digest in self._needles.hashes:
            keys.add(digest[:_PART], (Kind.KEYED_HASH, digest))
        return keys


def _stands_at(raw: bytes, at: int, kind: Kind, literal: str) -> bool:
    """Whether the literal stands at this byte, all of it and as a whole."""
    if at < 0 or not raw.startswith(literal.encode(), at):
        return False
    before = raw[max(0, at - _BEFORE) : at].decode(errors="ignore")
    after = raw[at : at + len(literal.encode()) + _AFTER].decode(errors="ignore")
    return stands_as_a_whole(before + after, len(before), kind, literal)
