"""Joining two records of one person, and parting them again (art. 5(1)(d) GDPR).

The one record goes; its id lives on as an alias, so that what was sealed keeps its reference and
every path follows. Nothing is thrown away until the term for parting is over.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.datamap import joining as rows
from akkoord.datamap.holds import held_people
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.people.joining_models import DuplicatePair, Joining
from akkoord.people.joining_steps import Join, join_steps
from akkoord.people.models import (
    ContactPoint,
    OwnFieldValue,
    Person,
    PersonAlias,
    PostalAddress,
)
from akkoord.people.queries import person_by_id
from akkoord.trail.actions import Actor, record_change

FIELDS = ("given_name", "family_name", "language", "customer_number")
ADDRESS = "address"
OWN = "own:"
ATTEMPTS = 3
T = TypeVar("T")


class JoinRefused(Exception):
    """Two records that cannot be joined or parted now; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Choices:
    """Which fields the record that goes gives: names of `FIELDS`, `address`, `own:<id>`."""

    from_old: frozenset[str] = field(default_factory=frozenset)


def join_people(
    *, old_id: UUID, new_id: UUID, choices: Choices, at: datetime, actor: Actor
) -> Joining:
    """Join the one record to the other; by former ids too. One transaction.

    Refuses (JoinRefused) a record with itself, one that is gone, one that is frozen (INV-38), and
    what a higher room cannot have now (an erasure, a letter on its way to both). A no of either
    holds for both (INV-4).
    """
    return _again(lambda: _join(old_id, new_id, choices, at, actor))


def part_people(*, joining_id: UUID, at: datetime, actor: Actor) -> UUID:
    """Make two records again of what was joined; answers the id of the one that came back.

    What has happened since stays with the record whose address it was about, the rest with the one
    that stayed. A no that was said since stays for both. Refuses when it is gone, over its term, or
    when a later joining must be undone first.
    """
    return _again(lambda: _part(joining_id, at, actor))


def _again(act: Callable[[], T]) -> T:
    """Once more when the database found us in another writer's way."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return act()
        except OperationalError:
            if attempt == ATTEMPTS or connection.in_atomic_block:
                raise
    raise AssertionError  # the loop returns or raises


def _join(old_id: UUID, new_id: UUID, choices: Choices, at: datetime, actor: Actor) -> Joining:
    old, new = (_there(each) for each in (old_id, new_id))
    if old.id == new.id:
        raise JoinRefused(_("This is one record already."))
    join = Join(old=old.id, new=new.id, at=at, actor=actor)
    old, new = _lock(join)
    before: dict[str, Any] = {"old": rows.row_of(Person, old.id)}
    before["aside"] = _make_room(join, choices)
    before["ended"] = _one_address(join, choices)
    before["steps"] = {key: step.before(join) for key, step in join_steps()}
    ContactPoint.objects.filter(person_id=old.id, sealed_as=None).update(sealed_as=old.id)
    DuplicatePair.objects.filter(id__in=pairs_between(old.id, new.id)).update(
        state=DuplicatePair.State.JOINED, decided_at=at, decided_by=actor.id
    )
    moved = rows.move(Person, old=old.id, new=new.id)
    before["aside"] += moved.aside
    before["new"] = _take_over(old, new, choices, at=at)
    PersonAlias.objects.create(old_id=old.id, person_id=new.id, merged_at=at)
    # A row that was left behind stops it here, instead of going with the record.
    Person.objects.filter(id=old.id)._raw_delete(using="default")
    done = Joining.objects.create(
        person_id=new.id,
        old_id=old.id,
        into_id=new.id,
        before=before,
        moved=moved.rows,
        joined_at=at,
        joined_by=actor.id,
        undo_until=term_end("joining-undo-term", law_day(at)) or law_day(at),
    )
    _say(join, "person.join", sorted(before["new"]))
    return done


def _there(person_id: UUID) -> Person:
    found = person_by_id(person_id)
    if found is None:
        raise JoinRefused(_("One of the two records is no longer there."))
    return found


def _lock(join: Join, *, parting: bool = False) -> tuple[Person, Person]:
    """Let nobody write to these people meanwhile, and ask every room whether it can be."""
    for _key, step in join_steps():
        step.lock(join)
    ids = [join.old, join.new]
    list(ContactPoint.objects.select_for_update().filter(person_id__in=ids).order_by("id"))
    found = Person.objects.select_for_update().filter(id__in=ids).order_by("id")
    people = {each.id: each for each in found}
    wanted = [join.new] if parting else ids
    if not set(wanted) <= set(people):
        raise JoinRefused(_("One of the two records is no longer there."))
    if not parting and any(each.restricted_at for each in people.values()):
        raise JoinRefused(
            _("One of these two asked to have the use of their data frozen. Answer that first.")
        )
    for _key, step in join_steps():
        if sentence := step.refuses(join):
            raise JoinRefused(sentence)
    return people.get(join.old, people[join.new]), people[join.new]


def _make_room(join: Join, choices: Choices) -> rows.Aside:
    """Set answers aside that make room for those of the record that goes."""
    wanted = {each.removeprefix(OWN) for each in choices.from_old if each.startswith(OWN)}
    fields = OwnFieldValue.objects.filter(person_id=join.old).values_list("field_id", flat=True)
    ids = [each for each in fields if str(each) in wanted]
    keys = OwnFieldValue.objects.filter(person_id=join.new, field_id__in=ids)
    return rows.set_aside(OwnFieldValue, list(keys.values_list("id", flat=True)))


def _one_address(join: Join, choices: Choices) -> list[str]:
    """One living postal address: that of the record that is chosen; which were ended."""
    living = PostalAddress.objects.filter(ended_at=None)
    sides = [join.new, join.old] if ADDRESS in choices.from_old else [join.old, join.new]
    ends, stays = (living.filter(person_id=each) for each in sides)
    if not stays.exists():
        return []
    ids = list(ends.values_list("id", flat=True))
    PostalAddress.objects.filter(id__in=ids).update(ended_at=join.at)
    return [str(each) for each in ids]


def _take_over(old: Person, new: Person, choices: Choices, *, at: datetime) -> dict[str, list[Any]]:
    """The fields of the record that stays, as chosen; per field what it was and what it became.

    An empty field takes what the other knows; of a known child either counts (INV-14).
    """
    wanted: dict[str, Any] = {
        name: getattr(old, name)
        for name in FIELDS
        if getattr(old, name) and (name in choices.from_old or not getattr(new, name))
    }
    if old.is_known_child and not new.is_known_child:
        wanted |= {"is_known_child": True, "known_child_at": old.known_child_at}
    if new.judge_by and not old.judge_by:
        wanted["judge_by"] = None
    wanted["created_at"] = min(old.created_at, new.created_at)
    if old.confirmed_at and (new.confirmed_at is None or old.confirmed_at > new.confirmed_at):
        wanted["confirmed_at"] = old.confirmed_at
    changed = {name: value for name, value in wanted.items() if getattr(new, name) != value}
    note = {name: [getattr(new, name), value] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(new, name, value)
    new.updated_at = at
    new.save(update_fields=[*changed, "updated_at"])
    return _as_json(note)


def _as_json(value: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return plain


def _part(joining_id: UUID, at: datetime, actor: Actor) -> UUID:
    found = Joining.objects.filter(id=joining_id).first()
    if found is None or found.undo_until < law_day(at):
        raise JoinRefused(_("These records cannot be parted any more."))
    if found.person_id != found.into_id:
        raise JoinRefused(_("This record was joined again since. Part that one first."))
    join = Join(old=found.old_id, new=found.into_id, at=at, actor=actor, since=found.joined_at)
    _old, new = _lock(join, parting=True)
    _must_be_last(found)
    # Whoever was first did it; after the locks it is sure.
    if not Joining.objects.filter(id=found.id, person_id=new.id).delete()[0]:
        raise JoinRefused(_("These records cannot be parted any more."))
    before = found.before
    rows.put_back([_row(Person, before["old"])], {Person._meta.db_table})
    PersonAlias.objects.filter(old_id=join.old).delete()
    rows.move_back(Person, found.moved, old=join.old, new=join.new)
    points = [UUID(each) for each in found.moved.get("people_contactpoint.person_id", ())]
    if points:
        rows.move(Person, old=join.new, new=join.old, points=points)
    ContactPoint.objects.filter(person_id=join.old, sealed_as=join.old).update(sealed_as=None)
    rows.put_back(
        before["aside"], {each.table for each in rows.places(Person) if not each.is_sealed}
    )
    PostalAddress.objects.filter(id__in=before["ended"], ended_at=found.joined_at).update(
        ended_at=None
    )
    _give_back(join, new, before["new"])
    for key, step in join_steps():
        step.undo(join, before["steps"].get(key, {}))
    DuplicatePair.objects.filter(
        id__in=pairs_between(join.old, join.new), state=DuplicatePair.State.JOINED
    ).update(state=DuplicatePair.State.PARTED, decided_at=at, decided_by=actor.id)
    _say(join, "person.part", sorted(before["new"]))
    return join.old


def _must_be_last(found: Joining) -> None:
    """What a later one wrote rests on this one: without it a no would be lost, or be nobody's."""
    later = Q(joined_at__gt=found.joined_at) | Q(joined_at=found.joined_at, id__gt=found.id)
    if Joining.objects.filter(later, into_id=found.into_id).exists():
        raise JoinRefused(_("Part the later joining first."))


def _row(model: Any, row: str) -> dict[str, str]:
    return {"table": model._meta.db_table, "row": row}


def _give_back(join: Join, new: Person, note: Mapping[str, Sequence[Any]]) -> None:
    """The fields of the record that stayed, where nobody changed them since."""
    like = _as_json({name: getattr(new, name) for name in note})
    give = {name: _typed(name, was) for name, (was, became) in note.items() if like[name] == became}
    if give:
        Person.objects.filter(id=new.id).update(**give)
    # What was frozen, or found out about their age, since then holds for both (art. 18; INV-14).
    if new.restricted_at:
        Person.objects.filter(id=join.old).update(restricted_at=new.restricted_at)
    if new.is_known_child and "is_known_child" not in note:
        Person.objects.filter(id=join.old).update(
            is_known_child=True, known_child_at=new.known_child_at
        )


def _typed(name: str, value: Any) -> Any:
    """A value of a field as it was written down, as the field keeps it."""
    column: Any = Person._meta.get_field(name)
    return column.to_python(value)


def pairs_between(one: UUID, other: UUID) -> list[UUID]:
    """The pairs that these two records make."""
    found = DuplicatePair.objects.filter(sides__person_id=one).filter(sides__person_id=other)
    return list(found.values_list("id", flat=True))


def _say(join: Join, action: str, fields: Sequence[str]) -> None:
    record_change(
        actor=join.actor,
        action=action,
        object_kind="person",
        object_id=join.new,
        subject_id=join.new,
        fields=tuple(fields),
        at=join.at,
    )


def forget_joinings(*, at: datetime) -> int:
    """What was kept to part records goes when its term is over, but of who is held for a legal
    claim; how many."""
    over = Joining.objects.filter(undo_until__lt=law_day(at))
    gone, _per = over.exclude(person_id__in=held_people()).delete()
    return gone
