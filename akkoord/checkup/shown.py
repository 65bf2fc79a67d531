"""The check-up as pages show it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.accounts.models import Role
from akkoord.checkup.models import Snapshot, Task
from akkoord.checkup.points import Seen
from akkoord.checkup.queries import CheckUp, owners
from akkoord.checkup.words import DUTY_NAMES, DUTY_SENTENCES, STATE_WORDS
from akkoord.law.duties import State
from akkoord.trail.queries import staff_names

_KINDS = {
    State.GOOD: ("good", "check"),
    State.ATTENTION: ("needs-you", "alert-triangle"),
    State.WRONG: ("not-allowed", "ban"),
    State.OPEN: ("needs-you", "question-mark"),
    State.NONE: ("plain", "minus"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks. `roles_at`: which roles may ask an address with a method."""

    role: str
    roles_at: Callable[[str, str], Collection[str]]

    @classmethod
    def of(cls, request: HttpRequest) -> "Reader":
        """The member of staff who asked this page."""
        role = getattr(request.user, "role", "")
        return cls(role, request.roles_at)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """A point with its state in words, and what is planned.

    `others`: who can do it, in words, when its page refuses the reader.
    """

    seen: Seen
    word: Any
    kind: str
    icon: str
    task: Task | None
    owner: str
    others: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing is to be done."""
        return self.seen.finding.state in {State.GOOD, State.NONE}


@dataclass(frozen=True, slots=True)
class DutyCard:
    """A duty with its rows."""

    key: str
    name: Any
    sentence: Any
    article: str
    score: int | None
    rows: Sequence[Row]


def seen_rows(seen: Iterable[Seen], tasks: Mapping[str, Task], reader: Reader) -> list[Row]:
    """Rows of these points for a reader; one statement for the names of who does them."""
    names = staff_names(owners(list(tasks.values()))) if tasks else {}
    return [_row(each, tasks.get(each.key), names, reader) for each in seen]


def _row(seen: Seen, task: Task | None, names: Mapping[Any, str], reader: Reader) -> Row:
    kind, icon = _KINDS[seen.finding.state]
    owner = names.get(task.owner, "") if task and task.owner else ""
    word = STATE_WORDS[seen.finding.state]
    return Row(seen, word, kind, icon, task, owner, _others(seen, reader))


def _others(seen: Seen, reader: Reader) -> str:
    """Who can go where this is mended, when the reader cannot; a question is there to answer."""
    if not seen.finding.url:
        return ""
    method = "POST" if seen.is_question else "GET"
    roles = reader.roles_at(seen.finding.url, method)
    if reader.role in roles:
        return ""
    who = ", ".join(str(each.label) for each in Role if each in roles)
    return _("Who can do this: {who}").format(who=who)


def marked(state: State) -> dict[str, Any]:
    """A state as a pill shows it."""
    kind, icon = _KINDS[state]
    return {"word": STATE_WORDS[state], "kind": kind, "icon": icon}


def duty_cards(found: CheckUp, tasks: Mapping[str, Task], reader: Reader) -> list[DutyCard]:
    """The duties in the order of art. 5."""
    rows = {each.seen.key: each for each in seen_rows(found.seen, tasks, reader)}
    return [
        DutyCard(
            each.duty.value,
            DUTY_NAMES[each.duty],
            DUTY_SENTENCES[each.duty],
            each.article,
            each.score,
            [rows[seen.key] for seen in each.seen],
        )
        for each in found.duties
    ]


def trend(history: Sequence[Snapshot]) -> list[tuple[str, int]]:
    """The score over time, as a plot wants it."""
    return [
        (date_format(each.day, "j b"), each.score) for each in history if each.score is not None
    ]
