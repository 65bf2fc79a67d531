"""Which known people's names stand in texts, and where; asked of the database in one case.

Every run of words could be somebody: "Beste Piet de Vries" holds the name from its second word. So
all runs are looked up, first name first or the list's way ("Vries, Piet de").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from akkoord.people.models import Person, whole_name

_WORD = re.compile(r"['’]?[^\W\d_](?:[^\W_]|[.'’‐-])*")
_BETWEEN = re.compile(r"[\s_]+")
_TURNED = re.compile(r",\s+")
_EDGES = ".'’‐-"
MOST_WORDS = 7  # of a first and last name together
LONGEST_WORD = 40  # more letters are a code, and no name goes on across one
_AT_ONCE = 20_000  # runs in one question: a file's words make more than a statement should hold
# Words that are names too ("Wil Graag"): written small, a run of these is a sentence.
_EVERYDAY = frozenset(
    {
        *("wil", "will", "willen", "mag", "mogen", "may", "kan", "kunnen", "can"),
        *("moet", "graag", "gaarne", "liever", "niet", "wel", "ook", "nog", "nu", "al"),
        *("altijd", "nooit", "vaak", "weer", "samen", "snel", "gauw", "goed", "gaat"),
        *("gaan", "komt", "komen", "doe", "doet", "doen", "is", "was", "zijn", "heeft"),
        *("hebben", "had", "blijft", "blijven", "belt", "bellen", "zegt", "vraagt"),
        *("weet", "not", "well", "good", "be", "do", "have", "never", "ever", "always"),
        *("again", "soon", "now"),
    }
)
_RUNS = "SELECT upper(run) FROM unnest(%s::text[]) AS run"

Span = tuple[int, int]


def names_of_others(texts: Iterable[str], own: Sequence[UUID]) -> frozenset[str]:
    """The whole names, in one case, of people other than `own` that stand in these texts.

    A name that the person has too is theirs. So many runs in one question as a statement holds.
    """
    runs = sorted({run for text in texts for _span, run in _runs(text)})
    if not runs:
        return frozenset()
    people = Person.objects.exclude(given_name="").exclude(family_name="")
    others = people.alias(whole=whole_name()).exclude(id__in=own)
    found: set[str] = set()
    for start in range(0, len(runs), _AT_ONCE):
        wanted = RawSQL(_RUNS, [runs[start : start + _AT_ONCE]])  # noqa: S611 - bound, a constant
        found |= _whole(others.filter(whole__in=wanted))
    return frozenset(found - _whole(people.filter(id__in=own)))


def spans_of(text: str, names: frozenset[str]) -> list[Span]:
    """Where these names stand in a text, in their order; what overlaps is one."""
    found: list[Span] = []
    for start, end in sorted(span for span, run in _runs(text) if _one_case(run) in names):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _whole(people: QuerySet[Person]) -> set[str]:
    names = people.values_list("given_name", "family_name").distinct()
    return {_one_case(f"{given} {family}") for given, family in names}


def _one_case(text: str) -> str:
    """As names are compared here."""
    return " ".join(text.split()).upper()


def _runs(text: str) -> Iterator[tuple[Span, str]]:
    """Every run of words that could be a whole name, as names are written, and where it stands."""
    text = unicodedata.normalize("NFC", text)
    words = [each for each in _WORD.finditer(text) if len(each[0]) <= LONGEST_WORD]
    gaps = [text[a.end() : b.start()] for a, b in pairwise(words)]
    for first in range(len(words)):
        turned = 0
        for last in range(first + 1, min(first + MOST_WORDS, len(words))):
            if not _BETWEEN.fullmatch(gaps[last - 1]):
                if turned or not _TURNED.fullmatch(gaps[last - 1]):
                    break
                turned = last
            if not _is_a_sentence(words[first : last + 1]):
                yield from _readings(words[first : last + 1], turned - first if turned else 0)


def _is_a_sentence(words: Sequence[re.Match[str]]) -> bool:
    """Everyday words only, and not each with a capital: "Wil graag" asks, "Wil Graag" is a name."""
    said = [each[0].strip(_EDGES) for each in words]
    return all(each.lower() in _EVERYDAY for each in said) and not all(
        each[:1].isupper() for each in said
    )


def _readings(words: Sequence[re.Match[str]], turned: int) -> Iterator[tuple[Span, str]]:
    """A run as it stands and without what surrounds it; from `turned` on stands its beginning."""
    inner = [each[0] for each in words[1:-1]]
    for head in {words[0][0], words[0][0].lstrip("'’")}:
        for tail in _endings(words[-1][0]):
            said = [head, *inner, tail]
            start = words[0].end() - len(head)
            end = words[-1].start() + len(tail)
            yield (start, end), " ".join([*said[turned:], *said[:turned]])


def _endings(word: str) -> set[str]:
    """A last word as it stands, without the full stop, the possessive, and a file's suffix."""
    bare = word.rstrip(_EDGES)
    return {word, bare, re.sub(r"['’]s$", "", bare), bare.split(".")[0]} - {""}
