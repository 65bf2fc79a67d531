"""Who gets which version: by a keyed hash, in the database, at fan-out.

Each person falls in one of a million places, by a key of the test's own; A has the first places, B
those after it, so nobody is in both, also somebody with two mailboxes. The rest is whoever has no
row of either version: somebody who came in meanwhile, too.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import BinaryField, Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from akkoord.campaigns.ab_models import MILLION, AbTest
from akkoord.datamap.keys import keyed_hash
from akkoord.messages.groups import GroupRefused, group_condition, name_groups
from akkoord.messages.models import Message
from akkoord.register.models import Purpose

NAME = "@ab"
_NUMBER = "('x' || encode(substring(%(expressions)s from 1 for 4), 'hex'))::bit(32)::bigint"
A, B, REST = "a", "b", "rest"


def group_name(test: AbTest, part: str) -> str:
    """The name of a part of a test, as it stands in a run."""
    return f"{NAME}:{test.id}:{part}"


def _of_the_letter(text: str) -> str:
    """The group of the letter itself: whoever left it gets neither version, nor the rest."""
    test = AbTest.objects.filter(id=UUID(text.split(":")[1])).select_related("campaign").first()
    return test.campaign.segment if test else ""


@name_groups(NAME, again=_of_the_letter)
def _group(text: str, purpose: Purpose, at: datetime) -> Q:
    """The people of a part: those of the letter's own group, in the places of this version."""
    _name, test_id, part = text.split(":")
    test = AbTest.objects.filter(id=UUID(test_id)).select_related("campaign", "other").first()
    if test is None:
        raise GroupRefused("unknown-test", 0, "")
    within = group_condition(test.campaign.segment, purpose, at)
    if part == REST:
        runs = [each for each in (test.campaign.dispatch_id, test.other.dispatch_id) if each]
        had = Message.objects.filter(dispatch_id__in=runs, person_id=OuterRef("person_id"))
        return within & ~Q(Exists(had))
    place = _place(test.id)
    first = 0 if part == A else test.share
    inside = Q(GreaterThanOrEqual(place, first)) & Q(LessThan(place, first + test.share))
    return within & inside


def _place(test_id: UUID) -> Func:
    """Somebody's place, from nought to a million: nobody can tell it without our key."""
    key = keyed_hash(f"{NAME}:{test_id}")
    return Func(
        Func(
            Func(
                Value(key, output_field=BinaryField()),
                Func(F("person_id"), function="uuid_send"),
                arg_joiner=" || ",
                template="sha256(%(expressions)s)",
            ),
            template=_NUMBER,
        ),
        Value(MILLION),
        function="mod",
        output_field=IntegerField(),
    )
