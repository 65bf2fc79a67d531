"""UBL 2.1 documents in the standards' published structure, with made-up parties."""

from xml.sax.saxutils import escape

SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PEPPOL = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
NLCIUS = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
SELLER = """<cac:AccountingSupplierParty><cac:Party>
<cbc:EndpointID schemeID="0106">00000001</cbc:EndpointID>
<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Voorbeeldkade 1</cbc:StreetName>
<cbc:CityName>Amsterdam</cbc:CityName><cbc:PostalZone>1000AA</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>NL000000001B01</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0106">00000001</cbc:CompanyID></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>"""
CONSUMER = """<cac:AccountingCustomerParty>
<cbc:CustomerAssignedAccountID>K-104</cbc:CustomerAssignedAccountID><cac:Party>
<cac:PartyName><cbc:Name>{given} {family}</cbc:Name></cac:PartyName>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>
</cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>{given} {family}</cbc:RegistrationName>
</cac:PartyLegalEntity>
<cac:Contact><cbc:Name>{given} {family}</cbc:Name>{mail}</cac:Contact>
</cac:Party></cac:AccountingCustomerParty>"""
COMPANY = """<cac:AccountingCustomerParty><cac:Party>
<cbc:EndpointID schemeID="0106">{kvk}</cbc:EndpointID>
<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
<cac:PartyTaxScheme><cbc:CompanyID>NL123456782B01</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID>{form}</cac:PartyLegalEntity>
<cac:Contact><cbc:Name>{contact}</cbc:Name><cbc:ElectronicMail>{mail}</cbc:ElectronicMail>
</cac:Contact></cac:Party></cac:AccountingCustomerParty>"""
LINE = """<cac:{kind}Line><cbc:ID>{place}</cbc:ID>
<cbc:{quantity} unitCode="C62">1</cbc:{quantity}>
<cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>{name}</cbc:Name>
<cac:SellersItemIdentification><cbc:ID>{code}</cbc:ID></cac:SellersItemIdentification>
</cac:Item></cac:{kind}Line>"""


def consumer(given: str = "Anna", family: str = "de Wit", mail: str = "anna@example.nl") -> str:
    """A private customer."""
    address = f"<cbc:ElectronicMail>{mail}</cbc:ElectronicMail>" if mail else ""
    return CONSUMER.format(given=given, family=family, mail=address)


def company(
    name: str = "Voorbeeld B.V.",
    *,
    kvk: str = "12345678",
    form: str = "",
    contact: str = "Bo Jansen",
    mail: str = "bo@voorbeeld.example",
) -> str:
    """A customer that is a company, with its contact."""
    told = f"<cbc:CompanyLegalForm>{form}</cbc:CompanyLegalForm>" if form else ""
    return COMPANY.format(name=escape(name), kvk=kvk, form=told, contact=contact, mail=mail)


def invoice(
    number: str = "2026-104",
    *,
    day: str = "2026-10-01",
    customer: str | None = None,
    seller: str = "Fietsen van Amstel",
    lines: tuple[tuple[str, str, str], ...] = (("FIETS-01", "Stadsfiets", "649.00"),),
    total: str = "649.00",
    takes_back: str = "",
    profile: tuple[str, str] = PEPPOL,
) -> bytes:
    """An invoice, or a credit note when it takes one back."""
    kind = "CreditNote" if takes_back else "Invoice"
    code = "<cbc:CreditNoteTypeCode>381" if takes_back else "<cbc:InvoiceTypeCode>380"
    reference = (
        "<cac:BillingReference><cac:InvoiceDocumentReference>"
        f"<cbc:ID>{takes_back}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
        if takes_back
        else ""
    )
    quantity = "CreditedQuantity" if takes_back else "InvoicedQuantity"
    rows = "".join(
        LINE.format(kind=kind, place=place, code=sku, name=name, amount=amount, quantity=quantity)
        for place, (sku, name, amount) in enumerate(lines, start=1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {SPACES}>
<cbc:CustomizationID>{profile[0]}</cbc:CustomizationID>
<cbc:ProfileID>{profile[1]}</cbc:ProfileID>
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>
{code}</cbc:{kind}TypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{reference}
{SELLER.format(name=escape(seller))}
{consumer() if customer is None else customer}
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">{total}</cbc:LineExtensionAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>
{rows}
</{kind}>""".encode()


EXTERNAL_ENTITY = b"""<?xml version="1.0"?>
<!DOCTYPE Invoice [<!ENTITY who SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>&who;</ID></Invoice>"""
EXTERNAL_DTD = b"""<?xml version="1.0"?>
<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:1/invoice.dtd">
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>"""
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">'
        % (place, b"&lol%s;" % (b"%d" % (place - 1) if place > 1 else b"") * 10)
        for place in range(1, 10)
    )
    + b"]><Invoice>&lol9;</Invoice>"
)
