"""Ready examples of bookkeepers and estate agents; see `example_tables`."""

from akkoord.law.states import Basis
from akkoord.register.example_tables import (
    BANK,
    CONTACT,
    FISCAL,
    FIU,
    NAME,
    SELF,
    TAX,
    UWV,
    Example,
)

OF_CLIENT = ("De opdrachtgever", "The client")
BY_CONTRACT = (
    "Wij werken in opdracht: zie de verwerkersovereenkomst met elke klant.",
    "We work by order: see the processing contract with each client.",
)
AS_AGREED = (
    "Zolang de opdracht loopt. Daarna krijgt de klant alles terug en wissen wij het.",
    "While the assignment runs. Then the client gets everything back and we erase it.",
)

BY_OFFICE: tuple[Example, ...] = (
    Example(
        "house-seekers",
        ("estate-agent",),
        ("Woningzoekers en bezichtigingen", "House seekers and viewings"),
        ("Huizen laten zien en biedingen doorgeven.", "To show houses and pass on bids."),
        Basis.CONTRACT,
        ("Iemand vraagt een bezichtiging of doet een bod.", "Somebody asks to view or bids."),
        ("dpv:Client",),
        (NAME, CONTACT, ("Woonwens en bod", "Wishes and bid")),
        SELF,
        (("Verkoper of verhuurder", "Seller or landlord"), ("Notaris", "Notary")),
        (
            "Zoekers een jaar. Biedingen een jaar na de overdracht. Koopdossier zeven jaar.",
            "Seekers one year. Bids one year after transfer. Sale files seven years.",
        ),
    ),
    Example(
        "identity-checks",
        ("bookkeeper", "estate-agent", "agency"),
        ("Controle tegen witwassen", "Checks against money laundering"),
        ("Vaststellen wie de klant is.", "To establish who the client is."),
        Basis.LEGAL_OBLIGATION,
        (
            "Wet ter voorkoming van witwassen en financieren van terrorisme art. 3 en 33.",
            "Money Laundering and Terrorist Financing (Prevention) Act art. 3 and 33.",
        ),
        ("dpv:Client",),
        (
            NAME,
            ("Gegevens van het identiteitsbewijs", "Details of the identity document"),
            ("Herkomst van het geld", "Where the money comes from"),
        ),
        SELF,
        (FIU,),
        ("Vijf jaar na de opdracht (Wwft art. 33).", "Five years after the assignment (art. 33)."),
    ),
    Example(
        "tenants",
        ("estate-agent",),
        ("Verhuur van huizen", "Letting of houses"),
        ("Huurders kiezen en huur innen.", "To choose tenants and collect rent."),
        Basis.CONTRACT,
        ("De huurovereenkomst.", "The lease."),
        ("dpv:Tenant",),
        (NAME, CONTACT, ("Inkomen", "Income"), BANK),
        SELF,
        (("Verhuurder", "Landlord"),),
        (
            "Afgewezen: vier weken. Huurders: zeven jaar na het boekjaar.",
            "Rejected: four weeks. Tenants: seven years after the book year.",
        ),
    ),
    Example(
        "client-books",
        ("bookkeeper",),
        ("Boeken van klanten", "Books of clients"),
        ("De boeken van klanten bijhouden.", "To keep the books of clients."),
        Basis.CONTRACT,
        BY_CONTRACT,
        ("Klanten en leveranciers van onze klanten",),
        (NAME, ("Facturen en betalingen", "Invoices and payments")),
        OF_CLIENT,
        (("Bedrijf achter het boekhoudpakket", "Company behind the bookkeeping software"), TAX),
        AS_AGREED,
        role="processor",
    ),
    Example(
        "client-payroll",
        ("bookkeeper",),
        ("Lonen van klanten", "Payroll of clients"),
        ("Loonstroken en aangiften maken.", "To make payslips and tax returns."),
        Basis.CONTRACT,
        BY_CONTRACT,
        ("dpv:Employee",),
        (NAME, ("Burgerservicenummer", "Citizen service number"), ("Loon", "Wages")),
        OF_CLIENT,
        (TAX, UWV),
        AS_AGREED,
        role="processor",
    ),
    Example(
        "house-sales",
        ("estate-agent",),
        ("Verkoop van huizen", "Sale of houses"),
        (
            "Een huis verkopen voor de eigenaar en de overdracht voorbereiden.",
            "To sell a house for its owner and prepare the transfer.",
        ),
        Basis.CONTRACT,
        ("De opdracht van de eigenaar.", "The owner's assignment."),
        ("dpv:Client",),
        (
            NAME,
            CONTACT,
            (
                "Het huis, de vraagprijs en de foto’s",
                "The house, its price and the pictures",
            ),
            ("De koopovereenkomst", "The contract of sale"),
        ),
        SELF,
        (
            ("Websites waar het huis op staat", "Websites that show the house"),
            ("Koper", "Buyer"),
            ("Notaris", "Notary"),
        ),
        FISCAL,
    ),
    Example(
        "valuations",
        ("estate-agent",),
        ("Taxaties", "Valuations"),
        (
            "De waarde van een huis vaststellen en dat kunnen verantwoorden.",
            "To establish what a house is worth and to account for it.",
        ),
        Basis.CONTRACT,
        ("De opdracht om te taxeren.", "The assignment to value."),
        ("dpv:Client",),
        (
            NAME,
            CONTACT,
            (
                "Het huis van binnen en buiten, met foto’s",
                "The house in and out, with pictures",
            ),
            ("De waarde", "The value"),
        ),
        SELF,
        (
            (
                "Geldverstrekker, als de klant dat wil",
                "Lender, when the client wants",
            ),
            ("Instituut dat taxaties controleert", "Institute that checks valuations"),
        ),
        FISCAL,
    ),
    Example(
        "tax-returns",
        ("bookkeeper",),
        ("Belastingaangiften van particulieren", "Tax returns of private people"),
        (
            "Aangiften doen en vragen beantwoorden.",
            "To file returns and answer questions.",
        ),
        Basis.CONTRACT,
        ("De opdracht van de klant.", "The client's assignment."),
        ("dpv:Client",),
        (
            NAME,
            ("Geboortedatum en gezin", "Date of birth and family"),
            (
                "Burgerservicenummer, alleen in de aangifte zelf",
                "Citizen service number, in the return alone",
            ),
            BANK,
            ("Inkomen, huis, vermogen en aftrekposten", "Income, house, assets and deductions"),
        ),
        SELF,
        (TAX, ("Bedrijf achter het aangifteprogramma", "Company behind the tax software")),
        FISCAL,
    ),
)
