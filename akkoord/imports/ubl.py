"""UBL 2.1 invoices and credit notes (EN 16931: Peppol BIS 3, NLCIUS): who, what number, when, what.

One document, or a folder or ZIP of them. Each is read without trust (`documents`); one that cannot
be used is refused by itself, with its name, and the others go on.
"""

import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from akkoord.datamap.naming import plain_title, without_identifiers
from akkoord.imports.documents import MAX_BYTES, Element, read_document
from akkoord.imports.judge import Refusal
from akkoord.imports.packed import Limits, blocks_of, check_declared, check_real
from akkoord.imports.reader import UnreadableFile
from akkoord.imports.sales import Articles, Sale, read_amount
from akkoord.law.reasons import Reason

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_KINDS = {"Invoice": f"{_SPACE}Invoice-2", "CreditNote": f"{_SPACE}CreditNote-2"}
_KVK = "0106"  # ISO 6523: the Dutch trade register
_ZIP = b"PK"
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")
LIMITS = Limits(members=20_000)
MAX_FILES = 20_000
Opener = Callable[[], BinaryIO]


def holds_documents(source: Path | BinaryIO) -> bool:
    """Whether it is XML, a folder, or a ZIP with XML and no table in it; the stream is set back."""
    if isinstance(source, Path):
        if source.is_dir():
            return True
        with source.open("rb") as stream:
            return holds_documents(stream)
    start = source.read(64)
    source.seek(0)
    if start.lstrip().startswith(_XML) or start.startswith(_XML):
        return True
    if not start.startswith(_ZIP):
        return False
    try:
        names = zipfile.ZipFile(source).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    finally:
        source.seek(0)
    return "xl/workbook.xml" not in names and any(
        each.lower().endswith(".xml") for each in names if not each.startswith("__MACOSX/")
    )


def read_sales(source: Path | BinaryIO, limits: Limits = LIMITS) -> Iterator[Sale | Refusal]:
    """The sales of a document, a folder or a ZIP of documents, in the order of their names."""
    for place, (name, opener) in enumerate(_documents(source, limits), start=1):
        try:
            with opener() as stream:
                yield sale_of(read_document(stream), line=place, part=name)
        except UnreadableFile as problem:
            yield Refusal(place, problem.reason, "", name)


def _documents(source: Path | BinaryIO, limits: Limits) -> Iterator[tuple[str, Opener]]:
    if isinstance(source, Path) and source.is_dir():
        yield from _folder(source)
        return
    stream = source.open("rb") if isinstance(source, Path) else source
    start = stream.read(2)
    stream.seek(0)
    if start != _ZIP:
        yield (plain_title(source.name) if isinstance(source, Path) else ""), lambda: stream
        return
    yield from _archive(stream, limits)


def is_empty_folder(source: Path | BinaryIO) -> bool:
    """Whether it is a folder without one document in it: most likely the wrong one."""
    if not isinstance(source, Path) or not source.is_dir():
        return False
    return next(_documents_in(source), None) is None


def _documents_in(folder: Path) -> Iterator[Path]:
    found = folder.rglob("*.[xX][mM][lL]")
    return (each for each in found if each.is_file() and not each.is_symlink())


def _folder(folder: Path) -> Iterator[tuple[str, Opener]]:
    """The XML files of a folder and the folders in it; links that lead elsewhere are left alone."""
    paths = sorted(_documents_in(folder))
    if len(paths) > MAX_FILES:
        raise UnreadableFile(Reason.FILE_TOO_LARGE)
    for path in paths:
        name = without_identifiers(str(path.relative_to(folder)))[:260]
        yield name, lambda path=path: path.open("rb")  # type: ignore[misc]


def _archive(stream: BinaryIO, limits: Limits) -> Iterator[tuple[str, Opener]]:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFile(Reason.MALFORMED_ROW) from None
    check_declared(archive, limits)
    check_real(archive, limits)
    for member in archive.infolist():
        name = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
        if name.lower().endswith(".xml") and not member.filename.startswith("__MACOSX/"):

            def opener(member: zipfile.ZipInfo = member) -> BinaryIO:
                return BytesIO(b"".join(blocks_of(archive, member, most=MAX_BYTES)))

            yield plain_title(name, 120), opener


def sale_of(root: Element, *, line: int, part: str = "") -> Sale:
    """What an invoice or credit note says. Refuses a document of another kind."""
    if _KINDS.get(root.name) != root.space:
        raise UnreadableFile(Reason.MALFORMED_ROW)
    is_credit = root.name == "CreditNote" or root.words("InvoiceTypeCode") == "381"
    party = root.first("AccountingCustomerParty", "Party")
    given, family = _person(party)
    return Sale(
        line=line,
        part=part,
        number=root.words("ID"),
        day=root.words("IssueDate")[:10],
        email=_words(party, ("Contact", "ElectronicMail"), *_endpoints(party)),
        given_name=given,
        family_name=family,
        company=_company(party),
        registration=_registration(party),
        legal_form=_words(party, ("PartyLegalEntity", "CompanyLegalForm")),
        customer_number=root.words("AccountingCustomerParty", "CustomerAssignedAccountID")
        or _words(party, ("PartyIdentification", "ID")),
        language=_language(party),
        post=_post(party),
        amount=root.words("LegalMonetaryTotal", "TaxInclusiveAmount")
        or root.words("LegalMonetaryTotal", "PayableAmount"),
        currency=root.words("DocumentCurrencyCode"),
        articles=_articles(root),
        is_credit=is_credit,
        credits=root.words("BillingReference", "InvoiceDocumentReference", "ID"),
        seller=_company(root.first("AccountingSupplierParty", "Party")),
        has_customer=party is not None and bool(party.children),
    )


def _endpoints(party: Element | None) -> tuple[tuple[str, ...], ...]:
    """An end-point is an address of the customer when its scheme says e-mail (EM)."""
    end = party.first("EndpointID") if party else None
    return (("EndpointID",),) if end and end.attributes.get("schemeID") == "EM" else ()


def _words(party: Element | None, *paths: tuple[str, ...]) -> str:
    """The first of these places that says something."""
    if party is None:
        return ""
    return next((found for path in paths if (found := party.words(*path))), "")


def _person(party: Element | None) -> tuple[str, str]:
    """First and last name: of the person, else of the contact, else of who is no company."""
    given = _words(party, ("Person", "FirstName"))
    family = _words(party, ("Person", "FamilyName"))
    if given or family:
        return given, family
    name = _words(party, ("Contact", "Name"))
    if not name and not _registration(party):
        name = _words(party, ("PartyName", "Name"), ("PartyLegalEntity", "RegistrationName"))
    first, _, rest = name.partition(" ")
    return (first, rest) if rest else ("", first)


def _company(party: Element | None) -> str:
    return _words(party, ("PartyLegalEntity", "RegistrationName"), ("PartyName", "Name"))


def _registration(party: Element | None) -> str:
    """The number in the trade register. A VAT number is never taken: it can hold a BSN."""
    if party is None:
        return ""
    for entity in party.all("PartyLegalEntity", "CompanyID"):
        number = entity.text.strip()
        if entity.attributes.get("schemeID", _KVK) == _KVK and number.isdigit():
            return number
    return ""


def _post(party: Element | None) -> dict[str, str]:
    """Where the customer lives, as the invoice says it."""
    paths = {
        "street": ("StreetName",),
        "house_number": ("BuildingNumber",),
        "postcode": ("PostalZone",),
        "city": ("CityName",),
        "country": ("Country", "IdentificationCode"),
    }
    return {part: _words(party, ("PostalAddress", *path)) for part, path in paths.items()}


def _language(party: Element | None) -> str:
    country = _words(party, ("PostalAddress", "Country", "IdentificationCode"))
    return "nl" if country in ("", "NL", "BE") else "en"


def _articles(root: Element) -> Articles:
    lines = [*root.all("InvoiceLine"), *root.all("CreditNoteLine")]
    return tuple(
        (
            each.words("Item", "SellersItemIdentification", "ID"),
            each.words("Item", "Name"),
            read_amount(each.words("LineExtensionAmount")) or Decimal(0),
        )
        for each in lines
    )
