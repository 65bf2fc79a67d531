"""A database that was put back forgets and stops again, before anything is served or sent (INV-36).

`settle` runs at every start. What the journal of nos knows and the database does not is done again:
nos, suppressions and restrictions first, then the erasures, which are proven by the same scan as
any other. A journal that is gone or was changed locks the house: nothing is sent or changed until
somebody decides, but whoever wants to stop still can.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from akkoord.campaigns.hold import hold_everything
from akkoord.consent.nos import people_named, person_hash
from akkoord.consent.said_again import say_again
from akkoord.people.models import Person, PersonAlias
from akkoord.rights.models import ErasureRun
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.journal import ledger_is_cut
from akkoord.trail.journal_lines import (
    JournalProblem,
    Line,
    Stand,
    base_of,
    journal_file,
    lines,
)
from akkoord.trail.models import JournalMark
from akkoord.trail.nos import (
    append,
    last_line,
    mark_known,
    move_mark,
    not_known,
    remember,
    waiting_entries,
)
from akkoord.trail.seal import seal
from akkoord.trail.second_place import take_the_copy

logger = logging.getLogger(__name__)

FORGET = "forget"
_SETTLING = 0x7365746C  # one process settles at a time; "setl"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done again; all numbers."""

    lines: int = 0
    stopped: int = 0
    suppressed: int = 0
    restricted: int = 0
    forgotten: int = 0
    hits: int = 0  # what the scan found of the forgotten; then there is no certificate
    held: int = 0  # letters that were on their way, and wait for somebody now
    locked: str = ""  # why nothing is sent or changed: `lost`, `changed` or `too-old`

    def as_json(self) -> dict[str, object]:
        """For the command."""
        return asdict(self)

    def numbers(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: n for name, n in asdict(self).items() if isinstance(n, int)}


def remember_forgotten(run: ErasureRun, ids: Sequence[UUID]) -> None:
    """Note who a run forgets, by keyed hashes, when its transaction commits."""
    remember({"kind": FORGET, "run": run.id.hex, "who": [person_hash(each) for each in ids]})


def locked_why() -> str:
    """Why nothing may be sent or changed now; empty when all is well."""
    mark = JournalMark.objects.filter(id=1).only("locked_why").first()
    return mark.locked_why if mark else ""


def settle(*, at: datetime, is_put_back: bool = False) -> Settled:
    """Make the database do what the journal knows; one process at a time, safe to do again.

    `is_put_back`: it was put back just now; else that is told by the ledger, of which this machine
    noted a later head, and by what had to be done again.

    Called before the first page is served and the first mail is sent. Locks the house when the
    journal cannot be believed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_SETTLING])
        try:
            return _settle(at=at, is_put_back=is_put_back or ledger_is_cut())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_SETTLING])


def _settle(*, at: datetime, is_put_back: bool) -> Settled:
    take_the_copy()
    try:
        missing = _missing()
    except JournalProblem as problem:
        logger.error("the journal of nos cannot be believed")
        JournalMark.objects.filter(id=1).update(locked_why=problem.stand.value, locked_at=at)
        return Settled(locked=problem.stand.value, held=hold_everything(at=at))
    settled = Settled()
    if missing or is_put_back:
        settled = _do_again(missing, at=at, is_put_back=is_put_back)
    _unlock()
    return settled


def _missing() -> list[Line]:
    """What this database does not know. A new one, with nobody in it, lacks nothing that went."""
    try:
        return not_known()
    except JournalProblem as problem:
        if problem.stand is not Stand.TOO_OLD or Person.objects.exists():
            raise
        mark_known(base_of(journal_file()).line)
        return not_known()


def _unlock() -> None:
    """The journal is believed: what was noted beside it meanwhile comes to its end."""
    if (
        JournalMark.objects.filter(id=1)
        .exclude(locked_why="")
        .update(locked_why="", locked_at=None)
    ):
        append(waiting_entries())


def _do_again(missing: Sequence[Line], *, at: datetime, is_put_back: bool) -> Settled:
    """What the lines say. The mark moves at last, so who is killed here begins again."""
    said = say_again([each.body for each in missing], at=at)
    forgotten, hits = _forget_again(missing, at=at)
    # A database that only lost the moment of a crash knew it all but the place in the journal.
    is_put_back |= bool(said["stopped"] or said["restricted"] or forgotten)
    held = hold_everything(at=at) if is_put_back else 0
    if missing:
        move_mark(missing[-1])
    settled = Settled(
        lines=len(missing),
        stopped=said["stopped"],
        suppressed=said["suppressed"],
        restricted=said["restricted"],
        forgotten=forgotten,
        hits=hits,
        held=held,
    )
    if is_put_back:
        record_change(
            actor=Actor.system(),
            action="journal.settle",
            object_kind="journal",
            at=at,
            fields=tuple(name for name, n in settled.as_json().items() if n),
        )
        seal(at)
    return settled


def _forget_again(missing: Sequence[Line], *, at: datetime) -> tuple[int, int]:
    """Forget whom a run forgot that this database does not know; how many, and what was found."""
    from akkoord.rights.begin import begin_erasure
    from akkoord.rights.carry_out import carry_out
    from akkoord.rights.prove import prove

    told = [each.body for each in missing if each.body["kind"] == FORGET]
    known = {
        each.hex
        for each in ErasureRun.objects.filter(id__in=[each["run"] for each in told])
        .exclude(state=ErasureRun.State.BEGUN)
        .values_list("id", flat=True)
    }
    hashes = {each for line in told if line["run"] not in known for each in line["who"]}
    people = set(people_named(hashes)) | _merged(hashes)
    if not people:
        return 0, 0
    run = begin_erasure(
        person_ids=sorted(people), by=ErasureRun.By.JOURNAL, actor=Actor.system(), at=at
    )
    carry_out(run_id=run.id, actor=Actor.system(), at=at)
    run = prove(run_id=run.id, at=at)
    return run.people, run.hits


def _merged(hashes: set[str]) -> set[UUID]:
    """Who is here under a later id."""
    if not hashes:
        return set()
    merged = PersonAlias.objects.values_list("old_id", "person_id").iterator(chunk_size=10_000)
    return {person for old, person in merged if person_hash(old) in hashes}


def go_on_without(*, at: datetime, actor: Actor) -> None:
    """Open a locked house although the journal is lost: somebody decided so.

    Whoever stopped or was forgotten since the backup is not known any more; of a journal that does
    not reach back far enough what is there is done again. Everything that was about to leave waits
    for a person, and the decision stands in the trail.
    """
    if locked_why() == Stand.TOO_OLD:
        _do_again(list(lines(journal_file())), at=at, is_put_back=True)
    _open_without(at=at, actor=actor)


@transaction.atomic
def _open_without(*, at: datetime, actor: Actor) -> None:
    hold_everything(at=at)
    mark_known(_last_believed())
    transaction.on_commit(_unlock)
    record_change(
        actor=actor,
        action="journal.go-on-without",
        object_kind="journal",
        at=at,
    )


def _last_believed() -> Line | None:
    """The end of the journal that is here; a file that does not hold is put aside."""
    path = journal_file()
    try:
        for _line in lines(path):
            continue
        return last_line()
    except JournalProblem:
        path.replace(path.with_suffix(".not-believed"))
        return None
