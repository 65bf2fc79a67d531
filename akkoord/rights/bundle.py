"""The file that goes with an answer: letter, overview, and the data as JSON and CSV, in a ZIP."""

import io
import json
import zipfile
from datetime import datetime

from django.utils import timezone

from akkoord.datamap.export import StoreExport
from akkoord.law.request_rules import RequestKind
from akkoord.people.models import Person, PostalAddress
from akkoord.people.queries import all_ids
from akkoord.rights.about import about_person
from akkoord.rights.export import FORMAT, export_document, files_of, stores_of
from akkoord.rights.letters import letter_pdf
from akkoord.rights.models import RightsRequest
from akkoord.rights.overview import overview_pdf
from akkoord.rights.portable import as_csv, portable_stores

NAMES = {
    "nl": ("brief", "overzicht", "gegevens", "meenemen", "bestanden"),
    "en": ("letter", "overview", "data", "take-along", "files"),
}
DATA = (RequestKind.ACCESS, RequestKind.PORTABILITY)
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def make_bundle(
    request: RightsRequest, person: Person, text: str, *, kinds: set[str], at: datetime
) -> bytes:
    """The ZIP for these kinds; the letter always, data only for what was granted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        pdf = letter_pdf(request, text, lines=window_lines(person), on=timezone.localdate(at))
        book.writestr(f"{_names(request.language)[0]}.pdf", pdf)
        _add_data(book, person, language=request.language, kinds=kinds, at=at)
    return out.getvalue()


def own_bundle(person: Person, *, language: str, at: datetime) -> bytes:
    """The ZIP that a person takes from their own page: everything, without a letter."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        _add_data(book, person, language=language, kinds=set(DATA), at=at)
    return out.getvalue()


def _add_data(
    book: zipfile.ZipFile, person: Person, *, language: str, kinds: set[str], at: datetime
) -> None:
    """What of the data goes for these kinds: to read (art. 15), and to take along (art. 20)."""
    _letter, overview, data, along, files = _names(language)
    stores = stores_of(person, redacted=True) if kinds & set(DATA) else []
    if RequestKind.ACCESS in kinds:
        about = about_person(person, all_ids(person.id), language)
        book.writestr(f"{overview}.pdf", overview_pdf(stores, about, language=language, at=at))
        document = export_document(person, at=at, redacted=True, stores=stores)
        book.writestr(f"{data}.json", _json(document))
        for number, each in enumerate(files_of(all_ids(person.id)), start=1):
            ending = ENDINGS.get(each.media_type, "bin")
            book.writestr(f"{files}/{number}.{ending}", each.content)
    if RequestKind.PORTABILITY in kinds:
        portable = portable_stores(stores)
        book.writestr(f"{along}.json", _json(_portable(portable, at)))
        for store in portable:
            book.writestr(f"{along}/{store.store}.csv", as_csv(store))


def _names(language: str) -> tuple[str, ...]:
    return NAMES.get(language, NAMES["nl"])


def _portable(stores: list[StoreExport], at: datetime) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "stores": [each.as_json() for each in stores],
    }


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def window_lines(person: Person) -> list[str]:
    """Name and postal address as far as they are known, for the window of an envelope."""
    found = PostalAddress.objects.filter(person=person).order_by("-created_at").first()
    lines = [person.full_name]
    if found is not None:
        lines += [f"{found.street} {found.house_number}", f"{found.postcode}  {found.city}"]
    return [" ".join(each.split()) for each in lines if each.strip()]
