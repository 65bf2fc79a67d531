"""Personal-data declarations: beside a model's fields stands what happens to them.

One declaration drives access and portability exports, erasure and its verification, retention,
the register's data categories, and the screen "what we keep of this person". A model without
one stops start-up (`akkoord.datamap.checks`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.utils.functional import Promise

StrOrPromise = str | Promise


class OnErasure(StrEnum):
    """What happens to a row or a column when its person is erased."""

    DELETE = "delete"  # the row goes
    BLANK = "blank"  # the column is emptied, the row stays (its salt and content are gone)
    KEEP = "keep"  # stays, on a ground of law with an end


class Whose(StrEnum):
    """Whose data a table holds."""

    PERSON = "person"  # a customer, prospect or other data subject with a person record
    STAFF = "staff"  # a member of staff; erased with the account, not with a customer
    NOBODY = "nobody"  # no personal data


class Identifier(StrEnum):
    """What a column can identify somebody by; these become the needles of the scan."""

    EMAIL = "email"
    PHONE = "phone"
    PUSH = "push-endpoint"
    CUSTOMER_NUMBER = "customer-number"
    PERSON_ID = "person-id"
    NAME = "name"  # never alone: only together with postcode and number
    POSTCODE = "postcode"
    HOUSE_NUMBER = "house-number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column that holds personal data.

    `category`: a W3C DPV personal-data category (`pd:EmailAddress`). `purposes`: DPV purpose
    classes (`dpv:DirectMarketing`) that it may serve; an empty tuple serves no message.
    `field`: the key in the field catalogue (merge fields, segments), when it can be used there.
    `provided`: given by the person, or observed (portable under art. 20). `secret`: never
    exported (token hashes, salts). `blank`: what BLANK writes (None: nothing, NULL).
    `exception`: the exception of art. 9(2) or 10 GDPR that a special category rests on; without
    one the system check refuses it (INV 32). `label`: what a screen calls it; otherwise the
    field's own translated name, or its category. `opened_by`: of a column with sealed values the
    dotted path of `(person_ids or None) -> Iterator[(row id, text)]`: the person's own copy takes
    the text along, and the scan looks through it (None: of everybody); nothing else opens it.
    """

    category: str
    purposes: tuple[str, ...] = ()
    field: str = ""
    identifier: Identifier | None = None
    provided: bool = False
    special: bool = False
    secret: bool = False
    blank: Any = None
    exception: str = ""
    label: StrOrPromise = ""
    opened_by: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one table holds, of whom, and what happens to it at erasure.

    `subject`: ORM path from the row to the person's id (`person_id`, `contact_point__person_id`,
    `subject_id`, `id`). `columns`: the personal columns. Every other column must stand in
    `plain`, with nothing personal in it. `ground` (of `law.erasure_rules`) and `until` (a
    parameter's key in `law`) go with KEEP, and with `hashes`: columns of keyed hashes that stay
    on purpose and tell nobody anything (INV 40). `may_name`: columns with a text that others
    chose (what a file is called) and that may happen to name somebody; no path leads to them, so
    an erasure looks for its people in them (`datamap.loose`). `files`: columns with the path,
    under the data folder, of a file that goes with the row; `opened_by` is the dotted path of the
    function `(row_id) -> (media type, content)` by which an export takes it along. `custom_erase`:
    dotted path of a function `(person_ids, run_id)` for what no declaration can say; it answers
    how many rows it touched, or what went and what stays (`datamap.erase.Erased`). `keeps`: columns
    with a person's id that stay as they were written when two records are joined (sealed, or a
    former id itself): they follow by the alias (`datamap.joining`).
    """

    table: str
    whose: Whose
    subject: str = ""
    erase: OnErasure = OnErasure.DELETE
    columns: Mapping[str, Column] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    ground: str = ""
    until: str = ""
    why: str = ""
    files: tuple[str, ...] = ()
    opened_by: str = ""
    order: int = 100  # erasure goes from low to high
    custom_erase: str = ""
    hashes: tuple[str, ...] = ()
    may_name: Mapping[str, Column] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    label: StrOrPromise = ""
    model: type[models.Model] | None = None

    def __hash__(self) -> int:
        """So that what is made of declarations can be kept; its columns are no part of it."""
        return hash((self.table, self.subject, self.order))

    @property
    def named(self) -> frozenset[str]:
        """Every column that the declaration names."""
        return frozenset(self.columns) | frozenset(self.plain) | frozenset(self.may_name)


class DeclarationError(Exception):
    """A declaration contradicts itself or its model."""


_declarations: dict[str, Declaration] = {}

M = TypeVar("M", bound=type[models.Model])


def personal_data(
    *,
    subject: str,
    columns: Mapping[str, Column],
    plain: tuple[str, ...] = (),
    whose: Whose = Whose.PERSON,
    erase: OnErasure = OnErasure.DELETE,
    ground: str = "",
    until: str = "",
    why: str = "",
    files: tuple[str, ...] = (),
    opened_by: str = "",
    order: int = 100,
    custom_erase: str = "",
    keeps: tuple[str, ...] = (),
    label: StrOrPromise = "",
) -> Callable[[M], M]:
    """Declare the personal data of a model; class decorator.

    Every column of the model stands either in `columns` or in `plain`; the system check refuses
    a column that is named in neither, so a new column cannot be forgotten.
    """

    def declare(model: M) -> M:
        declare_table(
            Declaration(
                table=model._meta.db_table,
                whose=whose,
                subject=subject,
                erase=erase,
                columns=dict(columns),
                plain=plain,
                ground=ground,
                until=until,
                why=why,
                files=files,
                opened_by=opened_by,
                order=order,
                custom_erase=custom_erase,
                keeps=keeps,
                label=label,
                model=model,
            )
        )
        return model

    return declare


def no_personal_data(
    *,
    why: str,
    plain: tuple[str, ...] = (),
    hashes: tuple[str, ...] = (),
    ground: str = "",
    until: str = "",
    may_name: Mapping[str, Column] | None = None,
    files: tuple[str, ...] = (),
) -> Callable[[M], M]:
    """Declare that a model holds nobody's data; class decorator.

    `why` says it in a sentence for the register. `plain` names every column, as the system
    check demands. `hashes` names those among them with keyed hashes of people's addresses that
    stay after an erasure, on a `ground` and `until` a parameter's end. `may_name`: columns with a
    text that may happen to name somebody, and is emptied at their erasure. `files`: columns with
    the path of a sealed file of the organisation's own.
    """

    def declare(model: M) -> M:
        declare_table(
            Declaration(
                table=model._meta.db_table,
                whose=Whose.NOBODY,
                plain=plain,
                why=why,
                hashes=hashes,
                may_name=dict(may_name or {}),
                files=files,
                ground=ground,
                until=until,
                model=model,
            )
        )
        return model

    return declare


def declare_table(declaration: Declaration) -> None:
    """Enter one declaration, of a model of ours or of a library's own table.

    Raises DeclarationError when the table has another declaration already.
    """
    known = _declarations.get(declaration.table)
    if known is not None and known != declaration:
        raise DeclarationError(f"{declaration.table} is declared twice")
    _declarations[declaration.table] = declaration


def declarations() -> tuple[Declaration, ...]:
    """All declarations, in the order in which erasure goes over them."""
    return tuple(sorted(_declarations.values(), key=lambda each: (each.order, each.table)))


def personal_stores(whose: Whose = Whose.PERSON) -> tuple[Declaration, ...]:
    """The declarations of tables that lead to somebody, in the order of erasure."""
    return tuple(each for each in declarations() if each.whose is whose and each.subject)


def declaration_of(table: str) -> Declaration | None:
    """The declaration of a table, or None."""
    return _declarations.get(table)
