"""A column for a field of a special category: in by its open exception alone, sealed (INV-32).

Only who is of the role that the field is opened to can bring it, and only what the exception asks
holds for the very person. Until its columns are chosen an upload waits in a file that is sealed as
a whole, with a key that goes with it within hours, and its page shows no example of such a column;
from that choice on each cell is sealed by itself. Every other cell with such data stays out.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from akkoord.accounts.models import Staff
from akkoord.consent.special_values import value_problem
from akkoord.datamap.sealed_values import open_value, seal_value
from akkoord.imports.layouts import OWN, Columns
from akkoord.imports.screening import Verdict
from akkoord.law.exception_rules import Asks
from akkoord.law.sensitive import Sensitive
from akkoord.law.terms import law_day
from akkoord.register.exception_queries import open_exceptions, rule_of
from akkoord.register.models import FieldException

Special = Mapping[str, FieldException]
"""The fields that a file may bring, by what a column means."""


def special_fields(by_staff: UUID | None, *, at: datetime) -> dict[str, FieldException]:
    """The open fields that this member of staff may bring; nobody else brings any.

    What rests on where somebody made it public is written by hand: a file does not say where.
    """
    staff = Staff.objects.filter(id=by_staff, is_active=True).first() if by_staff else None
    if staff is None:
        return {}
    return {
        OWN + each.field.key: each
        for each in open_exceptions(law_day(at))
        if each.seen_by == staff.role and rule_of(each).asks is not Asks.SOURCE
    }


def openings(
    header: Sequence[str], columns: Columns | None, special: Special
) -> dict[str, Verdict]:
    """What may stand in the columns of these fields, and in no other: their own kind."""
    if columns is None:
        return {}
    return {
        header[place].lower(): Verdict(frozenset({Sensitive(special[role].kind)}))
        for role, place in columns.besides.items()
        if role in special
    }


def sealed_cell(exception: FieldException, value: str) -> str:
    """A value as it goes through the import; empty when it may not be kept in this field."""
    if not value or value_problem(exception, value):
        return ""
    sealed = seal_value(value, row_id=exception.field_id)
    pair = [base64.b64encode(each).decode() for each in (sealed.sealed, sealed.wrapped_key)]
    return json.dumps(pair)


def opened_cell(exception: FieldException, cell: str) -> str:
    """The value of a sealed cell again, to be sealed for its person."""
    sealed, wrapped = (base64.b64decode(each) for each in json.loads(cell))
    return open_value(sealed, wrapped, row_id=exception.field_id)
