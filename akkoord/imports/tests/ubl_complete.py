"""Whole UBL 2.1 documents, in the order and with the parts of EN 16931: with made-up parties.

An invoice with allowance, charge, two rates of VAT, a prepaid part and an attachment; one in
another currency; and a credit note for the first.
"""

from akkoord.imports.tests.ubl_samples import NLCIUS, PEPPOL, SELLER, SPACES, company, consumer

_TAX = """<cac:TaxSubtotal><cbc:TaxableAmount currencyID="{money}">{base}</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="{money}">{tax}</cbc:TaxAmount><cac:TaxCategory><cbc:ID>{code}</cbc:ID>
<cbc:Percent>{rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:TaxSubtotal>"""
_EXTRA = """<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>{why}</cbc:AllowanceChargeReason>
<cbc:Amount currencyID="{money}">{amount}</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID>
<cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
</cac:AllowanceCharge>"""
_LINE = """<cac:{kind}Line><cbc:ID>{place}</cbc:ID>
<cbc:{quantity} unitCode="C62">{count}</cbc:{quantity}>
<cbc:LineExtensionAmount currencyID="{money}">{amount}</cbc:LineExtensionAmount>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Trouwe klant</cbc:AllowanceChargeReason>
<cbc:Amount currencyID="{money}">1.00</cbc:Amount></cac:AllowanceCharge>
<cac:Item><cbc:Description>Voor Anna, rekening NL91ABNA0417164300</cbc:Description>
<cbc:Name>{name}</cbc:Name>
<cac:SellersItemIdentification><cbc:ID>{code}</cbc:ID></cac:SellersItemIdentification>
<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{rate}</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="{money}">{amount}</cbc:PriceAmount></cac:Price>
</cac:{kind}Line>"""


def _document(
    kind: str,
    number: str,
    *,
    customer: str,
    money: str = "EUR",
    profile: tuple[str, str] = PEPPOL,
    takes_back: str = "",
) -> bytes:
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    code = "381" if kind == "CreditNote" else "380"
    due = "" if kind == "CreditNote" else "<cbc:DueDate>2026-10-15</cbc:DueDate>"
    back = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>"
        f"{takes_back}</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
        if takes_back
        else ""
    )
    other = "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>" if money != "EUR" else ""
    lines = "".join(
        _LINE.format(
            kind=kind,
            quantity=quantity,
            money=money,
            place=place,
            count=count,
            amount=amount,
            name=name,
            code=sku,
            rate=rate,
        )
        for place, (sku, name, count, amount, rate) in enumerate(
            (("FIETS-01", "Stadsfiets", 1, "600.00", 21), ("KLED-7", "Regenjas", 2, "50.00", 9)), 1
        )
    )
    extras = _EXTRA.format(charge="false", why="Actie", money=money, amount="20.00")
    extras += _EXTRA.format(charge="true", why="Bezorgen", money=money, amount="10.00")
    taxes = _TAX.format(money=money, base="590.00", tax="123.90", code="S", rate=21)
    taxes += _TAX.format(money=money, base="50.00", tax="4.50", code="S", rate=9)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made up -->
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {SPACES}>
<cbc:CustomizationID>{profile[0]}</cbc:CustomizationID><cbc:ProfileID>{profile[1]}</cbc:ProfileID>
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>{due}
<cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode><cbc:Note>Graag vóór de 15e, BSN 111222333</cbc:Note>
<cbc:DocumentCurrencyCode>{money}</cbc:DocumentCurrencyCode>{other}
<cbc:BuyerReference>afd. 7</cbc:BuyerReference>
<cac:OrderReference><cbc:ID>O-1</cbc:ID></cac:OrderReference>{back}
<cac:AdditionalDocumentReference><cbc:ID>bijlage</cbc:ID><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="f.pdf">{"QUJD" * 40_000}
</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
{SELLER.format(name="Fietsen van Amstel")}
{customer}
<cac:Delivery><cbc:ActualDeliveryDate>2026-10-01</cbc:ActualDeliveryDate></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>
<cbc:ID>NL91ABNA0417164300</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>14 dagen</cbc:Note></cac:PaymentTerms>
{extras}
<cac:TaxTotal><cbc:TaxAmount currencyID="{money}">128.40</cbc:TaxAmount>{taxes}</cac:TaxTotal>
<cac:LegalMonetaryTotal>
<cbc:LineExtensionAmount currencyID="{money}">650.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="{money}">640.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="{money}">768.40</cbc:TaxInclusiveAmount>
<cbc:AllowanceTotalAmount currencyID="{money}">20.00</cbc:AllowanceTotalAmount>
<cbc:ChargeTotalAmount currencyID="{money}">10.00</cbc:ChargeTotalAmount>
<cbc:PrepaidAmount currencyID="{money}">100.00</cbc:PrepaidAmount>
<cbc:PayableAmount currencyID="{money}">668.40</cbc:PayableAmount></cac:LegalMonetaryTotal>
{lines}
</{kind}>""".encode()


WHOLE_INVOICE = _document("Invoice", "2026-900", customer=consumer())
IN_DOLLARS = _document("Invoice", "2026-901", customer=company(), money="USD", profile=NLCIUS)
WHOLE_CREDIT = _document(
    "CreditNote", "C-900", customer=consumer(), takes_back="2026-900", profile=NLCIUS
)
