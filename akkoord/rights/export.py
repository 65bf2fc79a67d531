"""Everything that is kept of a person, to read and to take along (art. 15 and 20 GDPR)."""

import base64
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from akkoord.consent.special_guard import papers_apart
from akkoord.datamap.export import FileExport, StoreExport, export_files, export_person
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.rights.about import about_person
from akkoord.rights.own_account import account_stores
from akkoord.rights.portable import portable_stores
from akkoord.rights.preview import preview_erasure
from akkoord.rights.redact import Redactor
from akkoord.rights.special_out import without_special
from akkoord.rights.words import store_word

FORMAT = "akkoord-person-export-1"


def stores_of(
    person: Person, *, portable: bool = False, redacted: bool = False
) -> list[StoreExport]:
    """Every declared row about the person, one query per store; secrets left out.

    `portable`: only what may be taken along (art. 20). `redacted`: without what is about somebody
    else, as whoever asked gets it (art. 15(4), 20(4)); only that copy opens what is kept on an
    exception of art. 9(2) and tells of an account here, for it is the person's own. Any other copy
    says nothing of either (INV-32).
    """
    ids = all_ids(person.id)
    stores = export_person(ids, opens=redacted)
    if redacted:
        stores += account_stores(person)
        stores = Redactor(ids, stores).stores(stores)
    else:
        stores = without_special(stores)
    return portable_stores(stores) if portable else stores


def files_of(
    person_ids: Sequence[UUID], apart: Collection[str] = frozenset()
) -> Iterator[FileExport]:
    """The files of these people, opened, but for those `apart`; the copies that went with earlier
    answers stay out."""
    return (
        each
        for each in export_files(person_ids)
        if each.store != "rights_requestanswer" and each.row_id not in apart
    )


def export_document(
    person: Person,
    *,
    at: datetime,
    portable: bool = False,
    redacted: bool = False,
    stores: Sequence[StoreExport] | None = None,
) -> dict[str, Any]:
    """The document to download, ready for JSON, with what must be told beside it (art. 15(1)).

    `portable`: only what the person provided, by consent or contract (art. 20), without files.
    `stores`: what `stores_of` answered to the same question, for whoever read it already.
    """
    if stores is None:
        stores = stores_of(person, portable=portable, redacted=redacted)
    ids = all_ids(person.id)
    about = about_person(person, ids, person.language)
    apart = frozenset() if redacted else papers_apart(ids)
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "organisation": about.controller,
        "contact": about.contact,
        **({} if portable else {"about": about.as_json()}),
        "stores": [
            {**each.as_json(), "label": store_word(each.store, each.label)} for each in stores
        ],
        "files": [
            {
                "store": each.store,
                "id": each.row_id,
                "media_type": each.media_type,
                "base64": base64.b64encode(each.content).decode(),
            }
            for each in (() if portable else files_of(ids, apart))
        ],
    }


def holding_lines(person: Person, *, on: date) -> list[dict[str, Any]]:
    """Per store how much there is and what an erasure would do with it, ready for JSON."""
    preview = preview_erasure(person, on=on)
    return [
        {
            "store": line.store,
            "label": line.label,
            "rows": line.rows,
            "erasure": fate,
            "ground": line.ground or None,
            "until": line.until.isoformat() if line.until else None,
        }
        for fate, lines in (
            ("delete", preview.goes),
            ("blank", preview.emptied),
            ("keep", preview.stays),
        )
        for line in lines
    ]
