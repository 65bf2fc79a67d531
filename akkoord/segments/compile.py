"""From a group's tree to one SQL condition over contact points.

Every field is reached by the path in its declaration; what a person can have several of (purchases,
addresses, relations) is asked with EXISTS, so nobody is counted twice and an index by person is
used. Texts compare without regard to capitals.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from akkoord.consent.models import Standing
from akkoord.consent.queries import said_yes_since
from akkoord.datamap.fields import CatalogueField
from akkoord.law.states import LIVE_STATES
from akkoord.people.models import OwnFieldValue, Purchase, Relation
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import Purpose
from akkoord.segments.days import Days
from akkoord.segments.deeds import FIELDS_OF, bought, read
from akkoord.segments.fields import (
    DATE,
    NUMBER,
    TEXT,
    SegmentField,
    fields_for,
    model_of,
    usable_field,
)
from akkoord.segments.places import FIELD, near
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import (
    And,
    Bought,
    ChoseTopic,
    Condition,
    InGroup,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Read,
)
from akkoord.segments.within import whole

# A whole address or telephone number: it would keep somebody's data in a text (art. 5(1)(c)).
_ONE_PERSON = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|(?:\+|\b0)[\d\s()-]{8,}\d")
NEEDS_YES = "needs-a-yes"
NOT_FROZEN = Q(person__restricted_at__isnull=True)  # art. 18: in no group (INV-38)
OPPOSITES = {Operator.IS_NOT: Operator.IS, Operator.IS_NOT_EMPTY: Operator.IS_EMPTY}
_KINDS = {
    Operator.IS: {TEXT, NUMBER, DATE},
    Operator.CONTAINS: {TEXT},
    Operator.STARTS_WITH: {TEXT},
    Operator.BEFORE: {DATE},
    Operator.AFTER: {DATE},
    Operator.WITHIN: {DATE},
    Operator.WITHIN_NEXT: {DATE},
    Operator.ANNIVERSARY: {DATE},
    Operator.AGO: {DATE},
    Operator.AGO_OR_MORE: {DATE},
    Operator.MORE_THAN: {NUMBER},
    Operator.LESS_THAN: {NUMBER},
    Operator.AT_LEAST: {NUMBER},
    Operator.AT_MOST: {NUMBER},
    Operator.IS_EMPTY: {TEXT, NUMBER, DATE},
}
_LOOKUPS = {
    Operator.CONTAINS: "icontains",
    Operator.STARTS_WITH: "istartswith",
    Operator.MORE_THAN: "gt",
    Operator.LESS_THAN: "lt",
    Operator.AT_LEAST: "gte",
    Operator.AT_MOST: "lte",
}


def compile_segment(tree: Node, purpose: Purpose, at: datetime) -> Q:
    """The condition over contact points, for a letter on this topic; a bounded number of queries.

    Raises SegmentError for a field or a topic that is unknown, a field outside the purpose or of a
    special category, and a comparison that does not fit its field.
    """
    found = condition_maker(purpose, at, by_yes=True)(whole(tree, purpose))
    return NOT_FROZEN & found


def condition_maker(purpose: Purpose, at: datetime, *, by_yes: bool = False) -> Callable[[Node], Q]:
    """What turns each part of a whole tree into its condition, as `compile_segment` does.

    Four queries. Whoever uses it leaves out the frozen (INV-38). A field that people gave for
    something else is read only of who said yes since (art. 6(4)): nobody else is in the group,
    whatever its rules are, so `by_yes` is for the tree as a whole. Without it such a field raises
    SegmentError `needs-a-yes`.
    """
    # Who said yes to keeping something of a special category is no group (INV-32).
    sendable = Purpose.objects.exclude(activity_key__startswith=SPECIAL)
    found = list(sendable.values_list("slug", "id", "measures", "ended_at"))
    topics = {slug: key for slug, key, _measures, _ended in found}
    is_measured = any(measures and not ended for _slug, _key, measures, ended in found)
    made = _Compiler(purpose, at, fields_for(purpose), topics, is_measured)
    return made.guarded if by_yes else made.made


class _Compiler:
    def __init__(
        self,
        purpose: Purpose,
        at: datetime,
        fields: dict[str, SegmentField],
        topics: dict[str, Any],
        is_measured: bool,
    ) -> None:
        self.is_measured = is_measured
        self.purpose = purpose
        self.at = at
        self.days = Days(at)
        self.fields = fields
        self.topics = topics
        self.yes_since: datetime | None = None
        self.is_whole = False

    def guarded(self, node: Node) -> Q:
        """A whole tree, of those alone of whom each of its fields may be read."""
        self.is_whole = True
        found = self.made(node)
        if self.yes_since is None:
            return found
        return said_yes_since(self.purpose, self.yes_since) & found

    def usable(self, key: str, place: int) -> SegmentField:
        """A field that may be used, remembered with the yes that it needs."""
        field = usable_field(key, self.fields, self.purpose, place)
        if field.yes_since is not None:
            if not self.is_whole:
                raise SegmentError(NEEDS_YES, place, _("This is asked of the group as a whole."))
            self.yes_since = max(self.yes_since or field.yes_since, field.yes_since)
        return field

    def made(self, node: Node) -> Q:
        match node:
            case And(parts):
                return reduce(and_, (self.made(part) for part in parts))
            case Or(parts):
                return reduce(or_, (self.made(part) for part in parts))
            case Not(part):
                return ~self.made(part)
            case ChoseTopic():
                return self.chose(node)
            case Bought():
                return self.bought(node)
            case Read():
                return self.read(node)
            case Near():
                self.usable(FIELD, node.place)
                return near(node)
            case InGroup():
                raise LookupError(node.name)  # `whole` put its rules here
            case Condition():
                return self.compared(node)

    def bought(self, node: Bought) -> Q:
        """Purchases of the last days, together: bound to the fields of a purchase that it uses."""
        for key in FIELDS_OF[node.what]:
            self.usable(key, node.place)
        return bought(node, self.days)

    def read(self, node: Read) -> Q:
        """Bound to the purpose of measuring, which is asked apart (Tw 11.7a; INV-28)."""
        if not self.is_measured:
            raise SegmentError(
                "not-measured",
                node.place,
                _(
                    "Nobody is asked whether you may see what they read, so no group can look at "
                    "it. You can ask it under Topics."
                ),
            )
        return read(node, self.days, self.at)

    def chose(self, node: ChoseTopic) -> Q:
        """Their own choice; whether it lets a letter leave is for the gate."""
        if node.slug not in self.topics:
            raise SegmentError(
                "unknown-topic",
                node.place,
                _("There is no topic “%(slug)s”. You can use: %(names)s.")
                % {"slug": node.slug, "names": ", ".join(sorted(self.topics))},
            )
        live = sorted(state.value for state in LIVE_STATES)
        return Q(
            Exists(
                Standing.objects.filter(
                    contact_point=OuterRef("pk"), purpose=self.topics[node.slug], state__in=live
                )
            )
        )

    def compared(self, node: Condition) -> Q:
        field = self.usable(node.field, node.place)
        if node.operator in OPPOSITES:
            same = Condition(node.field, OPPOSITES[node.operator], node.value, node.place)
            return ~self.compared(same)
        self.check(node, field)
        node = self.days.counted(node)
        if field.stored is None:
            return self.own(node, field)
        return self.stored(node, field, field.stored)

    def check(self, node: Condition, field: SegmentField) -> None:
        """The comparison and its value fit the kind of field, and name nobody in person."""
        if isinstance(node.value, str) and _ONE_PERSON.search(node.value):
            raise SegmentError(
                "names-a-person",
                node.place,
                _(
                    "A group is what people have in common, so no address of one person may stand "
                    "in it. You can use a part of it, for example what stands after the @."
                ),
            )
        fits = field.kind in _KINDS[node.operator]
        if fits and node.operator is Operator.IS:
            wanted = {TEXT: str, DATE: date}.get(field.kind)
            fits = (
                isinstance(node.value, wanted) if wanted else not isinstance(node.value, str | date)
            )
        if not fits:
            can = {
                TEXT: _("a text: is, is not, contains, starts with, is empty"),
                NUMBER: _(
                    "a number: is, is not, more than, less than, at least, at most, is empty"
                ),
                DATE: _("a date: is, is not, before, after, within … days, is empty"),
            }[field.kind]
            raise SegmentError(
                "operator-not-for-field",
                node.place,
                _("“%(field)s” is %(can)s.") % {"field": field.label, "can": can},
            )

    # -- where the field stands

    def stored(self, node: Condition, field: SegmentField, stored: CatalogueField) -> Q:
        if stored.table == "people_contactpoint":
            column = "normalised" if stored.column == "value" else stored.column
            return self.on_column(node, field.kind, column)
        if stored.table == "people_person":
            return self.on_column(node, field.kind, f"person__{stored.column}")
        model = model_of(stored)
        rows = model._default_manager.filter(**{stored.path: OuterRef("person_id")})
        if any(each.name == "ended_at" for each in model._meta.get_fields()):
            rows = rows.filter(ended_at=None)
        if stored.table == Relation._meta.db_table:
            rows = rows.filter(Q(until=None) | Q(until__gte=self.days.today))  # not over
        if stored.table == Purchase._meta.db_table:
            rows = rows.filter(reversed_on=None)  # taken back: it was no purchase after all
        if field.key == "last_purchase":
            return self.on_last(node, rows, stored.column)
        return self.on_rows(node, field.kind, rows, stored.column)

    def on_column(self, node: Condition, kind: str, column: str) -> Q:
        if node.operator is Operator.IS_EMPTY:
            return _empty(kind, column)
        return Q(**{f"{column}__isnull": False}) & self.test(node, kind, column)

    def on_rows(self, node: Condition, kind: str, rows: QuerySet[Any], column: str) -> Q:
        """At least one of the person's rows fits; empty: none says anything."""
        if node.operator is Operator.IS_EMPTY:
            return ~Q(Exists(rows.exclude(_empty(kind, column))))
        return Q(Exists(rows.filter(self.test(node, kind, column))))

    def on_last(self, node: Condition, rows: QuerySet[Any], column: str) -> Q:
        """The newest row fits: one like it exists, and none after it."""
        if node.operator is Operator.BEFORE:
            return Q(Exists(rows)) & ~Q(Exists(rows.filter(**{f"{column}__gte": node.value})))
        if node.operator is Operator.IS:
            newer = rows.filter(**{f"{column}__gt": node.value})
            return Q(Exists(rows.filter(**{column: node.value}))) & ~Q(Exists(newer))
        return self.on_rows(node, DATE, rows, column)

    def own(self, node: Condition, field: SegmentField) -> Q:
        """An own field: its value stands as text, whatever its kind."""
        rows = OwnFieldValue.objects.filter(person=OuterRef("person_id"), field__key=field.key)
        if node.operator is Operator.IS_EMPTY:
            return ~Q(Exists(rows.exclude(value="")))
        if field.kind == NUMBER:
            # A value that is no number fits no comparison, and stops no letter either.
            number = Case(
                When(
                    value__regex=r"^\s*-?[0-9]{1,15}(\.[0-9]{1,6})?\s*$",
                    then=Cast("value", DecimalField(max_digits=21, decimal_places=6)),
                )
            )
            return Q(Exists(rows.annotate(number=number).filter(self.test(node, NUMBER, "number"))))
        if field.kind == DATE:
            rows = rows.filter(value__regex=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
            return Q(Exists(rows.filter(self.days.as_text(node))))
        return Q(Exists(rows.filter(self.test(node, TEXT, "value"))))

    # -- the comparison itself

    def test(self, node: Condition, kind: str, column: str) -> Q:
        if kind == DATE:
            return self.days.on_date(node, column)
        if node.operator is Operator.IS:
            return Q(**{column if kind == NUMBER else f"{column}__iexact": node.value})
        return Q(**{f"{column}__{_LOOKUPS[node.operator]}": node.value})


def _empty(kind: str, column: str) -> Q:
    unknown = Q(**{f"{column}__isnull": True})
    return unknown | Q(**{column: ""}) if kind == TEXT else unknown
