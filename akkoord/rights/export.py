"""Everything that is kept of a person, to read and to take along (art. 15 and 20 GDPR)."""

import base64
from datetime import date, datetime
from typing import Any

from akkoord.datamap.export import StoreExport, export_files, export_person
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.register.queries import organisation
from akkoord.rights.preview import preview_erasure
from akkoord.rights.words import store_word

FORMAT = "akkoord-person-export-1"


def stores_of(person: Person, *, portable: bool = False) -> list[StoreExport]:
    """Every declared row about the person, one query per store; secrets left out."""
    return export_person(all_ids(person.id), portable=portable)


def export_document(person: Person, *, at: datetime, portable: bool = False) -> dict[str, Any]:
    """The document to download, ready for JSON.

    `portable`: only what the person provided (art. 20).
    """
    house = organisation()
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "organisation": house.name if house else "",
        "contact": house.contact_email if house else "",
        "stores": [
            {**each.as_json(), "label": store_word(each.store, each.label)}
            for each in stores_of(person, portable=portable)
        ],
        "files": [
            {
                "store": each.store,
                "id": each.row_id,
                "media_type": each.media_type,
                "base64": base64.b64encode(each.content).decode(),
            }
            for each in export_files(all_ids(person.id))
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
