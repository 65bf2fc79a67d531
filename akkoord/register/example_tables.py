"""Ready examples of what happens outside Akkoord, per trade: a proposal to change and to publish.

Texts stand in both languages. Terms are those of the law where it sets one, with its article.
"""

from dataclasses import dataclass

from akkoord.law.states import Basis

ALL = (
    "shop",
    "webshop",
    "hairdresser",
    "practice",
    "association",
    "bookkeeper",
    "estate-agent",
    "agency",
    "hospitality",
    "other",
)
_STAFFED = tuple(each for each in ALL if each != "association")
Both = tuple[str, str]  # Dutch, English


@dataclass(frozen=True, slots=True)
class Example:
    """One activity, filled in as most organisations do it."""

    key: str
    trades: tuple[str, ...]
    name: Both
    purpose: Both
    basis: Basis
    proof: Both
    subjects: tuple[str, ...]
    data: tuple[Both, ...]
    source: Both
    receivers: tuple[Both, ...]
    term: Both
    security: Both = (
        "Afgesloten kast of map met wachtwoord. Alleen wie het nodig heeft, kan erbij.",
        "A locked cabinet or a folder with a password. Only who needs it has access.",
    )
    no_receivers: Both = ("", "")
    role: str = "controller"


NAME = ("Naam en adres", "Name and address")
CONTACT = ("E-mail en telefoon", "E-mail and phone")
BANK = ("Rekeningnummer", "Bank account number")
SELF = ("De mensen zelf", "The people themselves")
TAX = ("Belastingdienst", "Tax office")
UWV = ("UWV", "UWV")
POLICE = ("Politie, alleen als er iets is gebeurd", "Police, only when something happened")
MAYOR = ("Burgemeester en politie, als zij erom vragen", "Mayor and police, on request")
FIU = ("FIU-Nederland, bij een ongewone transactie", "FIU, on an unusual transaction")
AUTHORITIES = frozenset({TAX, UWV, POLICE, MAYOR, FIU})
"""Dutch authorities: of these alone it is known that they work in Europe."""
BOOKS = ("Boekhouder", "Bookkeeper")
IN_EUROPE = (
    "Zij werken allemaal in Europa (de EER).",
    "They all work in Europe (the EEA).",
)
NOBODY = ("Niemand krijgt deze gegevens.", "Nobody receives these data.")
FISCAL = (
    "Zeven jaar na het boekjaar (Algemene wet inzake rijksbelastingen art. 52).",
    "Seven years after the book year (General Tax Act art. 52).",
)
AGREED = ("De overeenkomst met de klant.", "The agreement with the customer.")

GENERAL: tuple[Example, ...] = (
    Example(
        "payroll",
        _STAFFED,
        ("Lonen en personeel", "Payroll and staff"),
        (
            "Lonen betalen en het personeelsdossier bijhouden.",
            "To pay wages and keep the staff file.",
        ),
        Basis.LEGAL_OBLIGATION,
        (
            "De arbeidsovereenkomst en de loonbelasting: Wet op de loonbelasting art. 28 en 29.",
            "The employment contract and wage tax: Wage Tax Act art. 28 and 29.",
        ),
        ("dpv:Employee",),
        (
            NAME,
            ("Geboortedatum", "Date of birth"),
            ("Burgerservicenummer (dat moet van de wet)", "Citizen service number (by law)"),
            BANK,
            ("Loon, uren en verlof", "Wages, hours and leave"),
            ("Kopie van het identiteitsbewijs", "Copy of the identity document"),
        ),
        ("De medewerkers zelf", "The members of staff themselves"),
        (TAX, ("Loonkantoor", "Payroll firm"), ("Pensioenfonds", "Pension fund"), UWV),
        (
            (
                "Loongegevens zeven jaar. Kopie van het identiteitsbewijs vijf jaar na vertrek. De "
                "rest van het dossier twee jaar na vertrek."
            ),
            (
                "Wage data seven years. Copy of the identity document five years after leaving. "
                "The rest of the file two years after leaving."
            ),
        ),
    ),
    Example(
        "absence",
        _STAFFED,
        ("Ziekte en herstel van personeel", "Illness and recovery of staff"),
        (
            "Loon doorbetalen en iemand helpen weer te werken.",
            "To go on paying wages and help somebody back to work.",
        ),
        Basis.LEGAL_OBLIGATION,
        (
            (
                "Wet verbetering poortwachter en Burgerlijk Wetboek 7:629. Wij vragen nooit wat "
                "iemand heeft."
            ),
            "Gatekeeper Improvement Act and Civil Code 7:629. We never ask what somebody has.",
        ),
        ("dpv:Employee",),
        (
            ("Dag van ziekmelden en herstel", "Day of reporting ill and of recovery"),
            ("Wat iemand nog kan doen", "What somebody can still do"),
        ),
        ("De medewerker en de bedrijfsarts", "The member of staff and the company doctor"),
        (("Arbodienst of bedrijfsarts", "Occupational health service"), UWV),
        (
            "Twee jaar na herstel of vertrek. Vijf jaar als wij zelf het ziektegeld dragen.",
            "Two years after recovery or leaving. Five years when we bear sick pay ourselves.",
        ),
    ),
    Example(
        "applicants",
        _STAFFED,
        ("Sollicitanten", "Applicants"),
        ("Kiezen wie wij aannemen.", "To choose whom we hire."),
        Basis.CONTRACT,
        (
            "Iemand solliciteert zelf: een stap op weg naar een arbeidsovereenkomst.",
            "Somebody applies: a step on the way to an employment contract.",
        ),
        ("dpv:JobApplicant",),
        (
            NAME,
            CONTACT,
            ("Brief en cv", "Letter and CV"),
            ("Verslag van het gesprek", "Notes of the interview"),
        ),
        ("De sollicitant zelf", "The applicant"),
        (),
        (
            "Vier weken nadat de functie vervuld is. Een jaar als iemand daar ja op zegt.",
            "Four weeks after the job is filled. A year when somebody agrees to that.",
        ),
        no_receivers=NOBODY,
    ),
    Example(
        "cameras",
        ("shop", "hospitality", "hairdresser", "estate-agent", "agency", "other"),
        ("Camera’s", "Cameras"),
        (
            "Diefstal en overlast voorkomen, en laten zien wat er gebeurde.",
            "To prevent theft and nuisance, and to show what happened.",
        ),
        Basis.LEGITIMATE_INTEREST,
        (
            (
                "Ons belang: veiligheid van mensen en spullen. Slot en licht alleen zijn niet "
                "genoeg. Er hangt een bord bij de deur, en er is geen camera bij kleedruimte, "
                "toilet of kassascherm."
            ),
            (
                "Our interest: the safety of people and things. Locks and light alone are not "
                "enough. There is a sign at the door, and no camera at changing room, toilet or "
                "till screen."
            ),
        ),
        ("dpv:Visitor", "dpv:Employee"),
        (("Beelden zonder geluid", "Pictures without sound"),),
        ("De camera’s zelf", "The cameras"),
        (POLICE,),
        (
            "Ten hoogste vier weken. Langer alleen als beelden nodig zijn voor een aangifte.",
            "Four weeks at most. Longer only when pictures are needed for a report to the police.",
        ),
        (
            "Opname achter slot en wachtwoord. Twee mensen mogen kijken en schrijven dat op.",
            "Recorder behind a lock and password. Two people may look and write that down.",
        ),
    ),
    Example(
        "suppliers",
        ALL,
        ("Leveranciers", "Suppliers"),
        ("Bestellen, betalen en afspraken nakomen.", "To order, pay and keep agreements."),
        Basis.LEGITIMATE_INTEREST,
        (
            (
                "Ons belang: met een vaste persoon bij de leverancier kunnen praten. Het zijn "
                "gegevens van het werk, en mensen verwachten dit."
            ),
            (
                "Our interest: to be able to talk to a contact at the supplier. These are data of "
                "work, and people expect this."
            ),
        ),
        ("Contactpersonen van leveranciers",),
        (
            ("Naam en functie", "Name and job"),
            CONTACT,
            ("Bestellingen en facturen", "Orders and invoices"),
        ),
        ("De leverancier", "The supplier"),
        (BOOKS, TAX),
        FISCAL,
    ),
    Example(
        "invoices",
        ALL,
        ("Facturen en boekhouding", "Invoices and books"),
        (
            "Rekeningen sturen, geld innen en de boeken bijhouden.",
            "To send bills, collect money and keep the books.",
        ),
        Basis.LEGAL_OBLIGATION,
        (
            "Algemene wet inzake rijksbelastingen art. 52.",
            "General Tax Act art. 52.",
        ),
        ("dpv:Customer",),
        (NAME, BANK, ("Wat iemand kocht en betaalde", "What somebody bought and paid")),
        SELF,
        (BOOKS, TAX, ("Bank", "Bank")),
        FISCAL,
    ),
    Example(
        "telephone",
        ALL,
        ("Telefoon en berichten", "Telephone and messages"),
        (
            "Mensen te woord staan en terugbellen.",
            "To answer people and call them back.",
        ),
        Basis.CONTRACT,
        (
            "Iemand belt of schrijft ons zelf met een vraag of over een afspraak.",
            "Somebody calls or writes to us with a question or about an agreement.",
        ),
        ("dpv:Customer",),
        (
            ("Naam en telefoonnummer", "Name and phone number"),
            ("Waar het gesprek over ging", "What the talk was about"),
        ),
        SELF,
        (("Telefoonmaatschappij", "Phone company"),),
        ("Drie maanden na het gesprek.", "Three months after the talk."),
    ),
    Example(
        "paper-files",
        ("shop", "hairdresser", "practice", "agency", "other"),
        ("Klantgegevens op papier", "Customer files on paper"),
        (
            "Bij de balie weten wat wij met een klant afspraken.",
            "To know at the counter what we agreed with a customer.",
        ),
        Basis.CONTRACT,
        AGREED,
        ("dpv:Customer",),
        (NAME, CONTACT, ("Afspraken en maten", "Agreements and sizes")),
        SELF,
        (),
        ("Drie jaar na de laatste afspraak.", "Three years after the last appointment."),
        no_receivers=NOBODY,
    ),
    Example(
        "diary",
        ("hairdresser", "practice", "bookkeeper", "estate-agent", "agency", "shop"),
        ("Afspraken in de agenda", "Appointments in the diary"),
        ("Afspraken maken en verzetten.", "To make and move appointments."),
        Basis.CONTRACT,
        AGREED,
        ("dpv:Customer",),
        (
            ("Naam en telefoonnummer", "Name and phone number"),
            ("Dag, uur en soort afspraak", "Day, hour and kind of appointment"),
        ),
        SELF,
        (("Bedrijf achter de agenda", "Company behind the diary"),),
        ("Een jaar na de afspraak.", "A year after the appointment."),
    ),
    Example(
        "website",
        ALL,
        ("Bezoek aan de website", "Visits to the website"),
        (
            "De site veilig houden en zien welke pagina’s gelezen worden, zonder cookies.",
            "To keep the site safe and see which pages are read, without cookies.",
        ),
        Basis.LEGITIMATE_INTEREST,
        (
            (
                "Ons belang: een site die werkt en veilig is. Wij korten IP-adressen in en volgen "
                "niemand, dus het weegt licht."
            ),
            (
                "Our interest: a site that works and is safe. We truncate IP addresses and follow "
                "nobody, so it weighs little."
            ),
        ),
        ("dpv:Visitor",),
        (
            ("Ingekort IP-adres", "Truncated IP address"),
            ("Pagina en tijd", "Page and time"),
        ),
        ("De browser", "The browser"),
        (("Bedrijf dat de site host", "Company that hosts the site"),),
        ("Drie maanden.", "Three months."),
    ),
)
