"""What an organisation of a kind needs on day one: activities, reasons, terms, fields, topics.

Texts stand in both languages, for they go into the register and onto forms as they are. They are
proposals: the owner changes them in the register; the check-up asks to look at them.
"""

from dataclasses import dataclass

from akkoord.law.states import Basis

MARKETING = "dpv:DirectMarketing"
SERVICE = "dpv:ServiceProvision"
LEGAL = "dpv:LegalCompliance"
RIGHTS = "dpv:RightsFulfilment"
RECORDS = "dpv:RecordManagement"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class FieldPreset:
    """A field of the catalogue: key, name, DPV category."""

    key: str
    name: Words
    category: str


@dataclass(frozen=True, slots=True)
class FieldUse:
    """Why an activity needs a field."""

    key: str
    why: Words


@dataclass(frozen=True, slots=True)
class ActivityPreset:
    """A processing activity with what it may use and how long it keeps it."""

    key: str
    name: Words
    purpose: Words
    basis: Basis
    telecom_basis: str
    purpose_classes: tuple[str, ...]
    subjects: tuple[str, ...]
    fields: tuple[FieldUse, ...]
    term: Words
    trigger: str
    days: int | None = None
    months: int | None = None
    is_system: bool = True


FIELDS: tuple[FieldPreset, ...] = (
    FieldPreset("email", Words("E-mailadres", "E-mail address"), "pd:EmailAddress"),
    FieldPreset("first_name", Words("Voornaam", "First name"), "pd:GivenName"),
    FieldPreset("last_name", Words("Achternaam", "Last name"), "pd:FamilyName"),
    FieldPreset("language", Words("Taal", "Language"), "pd:Language"),
    FieldPreset("city", Words("Woonplaats", "Town"), "pd:City"),
    FieldPreset("postcode", Words("Postcode", "Postcode"), "pd:PostalCode"),
    FieldPreset("street", Words("Straat en huisnummer", "Street"), "pd:PhysicalAddress"),
    FieldPreset("country", Words("Land", "Country"), "pd:Country"),
    FieldPreset("source", Words("Herkomst", "Source"), "pd:PersonalInformation"),
    FieldPreset("relation", Words("Relatie", "Relation"), "pd:Relationship"),
    FieldPreset("last_purchase", Words("Laatste aankoop", "Last purchase"), "pd:PurchaseHistory"),
    FieldPreset("purchase_amount", Words("Bedrag", "Amount"), "pd:PurchaseHistory"),
    FieldPreset("product_group", Words("Soort product", "Product group"), "pd:PurchaseHistory"),
    FieldPreset("question", Words("Uw vraag", "Your question"), "pd:Communication"),
    FieldPreset(
        "push_address",
        Words("Pushadres van de browser", "Browser's push address"),
        "pd:DeviceBased",
    ),
    FieldPreset("phone", Words("Telefoonnummer", "Phone number"), "pd:TelephoneNumber"),
)
NOT_FOR_LETTERS = frozenset({"push_address", "question", "phone"})
"""Fields that carry a message and never stand in one, nor make a group."""

PUSH_FIELD = FieldUse(
    "push_address",
    Words(
        "Uw browser maakt dit adres zelf. Zonder dit adres komt er geen bericht aan.",
        "Your browser makes this address itself. Without it no message arrives.",
    ),
)

_CALLED = FieldUse(
    "phone",
    Words("Om u te bereiken op de manier waar u ja tegen zei.", "To reach you as you agreed."),
)
_BROUGHT = Words("Om post te bezorgen waar u ja tegen zei.", "To bring the post that you want.")
CHANNEL_FIELDS: dict[str, tuple[FieldUse, ...]] = {
    "push": (PUSH_FIELD,),
    "sms": (_CALLED,),
    "phone": (_CALLED,),
    "post": tuple(FieldUse(key, _BROUGHT) for key in ("street", "postcode", "city")),
}
"""What a channel needs besides the e-mail address: the register says so while a topic offers it."""

CONTACT_FIELDS: tuple[FieldUse, ...] = (
    FieldUse(
        "email",
        Words(
            "Zonder adres kunnen wij niets sturen.",
            "We cannot send anything without it.",
        ),
    ),
    FieldUse("first_name", Words("Om u bij uw naam te noemen.", "To call you by your name.")),
    FieldUse(
        "last_name",
        Words(
            "Om u te vinden als u ons iets vraagt.",
            "To find you when you ask us something.",
        ),
    ),
    FieldUse("language", Words("Om in uw taal te schrijven.", "To write in your language.")),
)

MEASURING_FIELDS: tuple[FieldUse, ...] = (
    FieldUse(
        "email",
        Words(
            "Uw ja hoort bij dit adres.",
            "Your yes belongs to this address.",
        ),
    ),
)
MEASURING_TERM = Words(
    "Wat u opende en waarop u drukte, bewaren wij zes maanden. Zegt u nee, dan wissen wij het "
    "dezelfde nacht. Het bewijs van uw keuze bewaren wij nog vijf jaar.",
    "We keep what you opened and pressed for six months. When you say no, we erase it that very "
    "night. We keep the proof of your choice for five more years.",
)
MEASURING = {
    "name": Words("Meten wat u leest", "Measuring what you read"),
    "description": Words(
        "Wij zien dan welke mails u opent en op welke links u drukt. Zo sturen wij u wat u wilt "
        "lezen. Zegt u niets, dan zien wij dit niet.",
        "We then see which mails you open and which links you press, so that we send what you want "
        "to read. If you say nothing, we do not see this.",
    ),
}
"""The yes to measuring: a purpose of its own, with a box of its own (INV-28)."""

TOPIC_TERM = Words(
    "Zolang u ingeschreven bent. Meldt u zich af, dan wissen wij uw gegevens als wij ze nergens "
    "anders voor nodig hebben. Het bewijs van uw keuze bewaren wij nog vijf jaar.",
    "As long as you are subscribed. When you unsubscribe we erase your data unless we need it for "
    "something else. We keep the proof of your choice for five more years.",
)

SYSTEM_ACTIVITIES: tuple[ActivityPreset, ...] = (
    ActivityPreset(
        key="proof",
        name=Words("Bewijs van uw keuzes", "Proof of your choices"),
        purpose=Words(
            "Laten zien waarvoor u toestemming gaf en wanneer u die introk.",
            "To show what you agreed to and when you withdrew it.",
        ),
        basis=Basis.LEGAL_OBLIGATION,  # art. 7(1) and 5(2) AVG
        telecom_basis="",
        purpose_classes=(LEGAL, RECORDS),
        subjects=("dpv:DataSubject",),
        fields=(
            FieldUse(
                "email",
                Words("Toestemming hoort bij een adres.", "Consent goes with it."),
            ),
        ),
        term=Words(
            "Tot vijf jaar nadat u uw toestemming introk.",
            "Up to five years after you withdrew your consent.",
        ),
        trigger="withdrawal",
        months=60,
    ),
    ActivityPreset(
        key="suppression",
        name=Words("Afmeldlijst", "Do-not-mail list"),
        purpose=Words(
            "Onthouden dat u geen reclame wilt, zonder uw adres te bewaren.",
            "To remember that you want no advertising, without keeping your address.",
        ),
        basis=Basis.LEGAL_OBLIGATION,  # art. 21(3) AVG
        telecom_basis="",
        purpose_classes=(LEGAL,),
        subjects=("dpv:DataSubject",),
        fields=(),
        term=Words(
            "Zolang wij reclame versturen. Elk jaar kijken wij of het nog nodig is.",
            "As long as we send advertising. We review the need every year.",
        ),
        trigger="marketing-ends",
        days=None,
    ),
    ActivityPreset(
        key="requests",
        name=Words("Vragen over uw gegevens", "Requests about your data"),
        purpose=Words(
            "Uw verzoek om inzage, correctie of wissen beantwoorden.",
            "To answer your request for access, correction or erasure.",
        ),
        basis=Basis.LEGAL_OBLIGATION,  # art. 12-22 AVG
        telecom_basis="",
        purpose_classes=(RIGHTS,),
        subjects=("dpv:DataSubject",),
        fields=(
            FieldUse("email", Words("Om u te antwoorden.", "To answer you.")),
            FieldUse("first_name", Words("Om u aan te spreken.", "To address you.")),
            FieldUse("last_name", Words("Om u te vinden.", "To find you.")),
        ),
        term=Words("Tot twee jaar na ons antwoord.", "Up to two years after our answer."),
        trigger="request-closed",
        months=24,
    ),
    ActivityPreset(
        key="import-to-be-judged",
        name=Words("Meegebracht, nog te beoordelen", "Brought along, to be judged"),
        purpose=Words(
            "Uitzoeken of wij adressen uit een ouder systeem mogen houden.",
            "To find out whether we may keep addresses from an older system.",
        ),
        basis=Basis.LEGITIMATE_INTEREST,
        telecom_basis="",
        purpose_classes=(LEGAL,),
        subjects=("dpv:DataSubject",),
        fields=(
            FieldUse("email", Words("Om het bewijs erbij te zoeken.", "To find the proof.")),
            FieldUse(
                "first_name",
                Words("Om het bewijs erbij te zoeken.", "To find the proof."),
            ),
            FieldUse(
                "last_name",
                Words("Om het bewijs erbij te zoeken.", "To find the proof."),
            ),
            FieldUse("source", Words("Om het bewijs erbij te zoeken.", "To find the proof.")),
        ),
        term=Words("Zestig dagen. Daarna wissen wij ze.", "Sixty days. Then we erase them."),
        trigger="import",
        days=60,
    ),
    ActivityPreset(
        key="audit-trail",
        name=Words("Wie deed wat", "Who did what"),
        purpose=Words(
            "Kunnen zien welke medewerker gegevens bekeek of wijzigde.",
            "To see which member of staff read or changed data.",
        ),
        basis=Basis.LEGAL_OBLIGATION,  # art. 32 AVG
        telecom_basis="",
        purpose_classes=(LEGAL,),
        subjects=("dpv:Employee", "dpv:DataSubject"),
        fields=(),
        term=Words("Twee jaar.", "Two years."),
        trigger="recorded",
        months=24,
    ),
    ActivityPreset(
        key="backups",
        name=Words("Reservekopieën", "Back-ups"),
        purpose=Words("Gegevens terugzetten na een storing.", "To restore data after a failure."),
        basis=Basis.LEGAL_OBLIGATION,  # art. 32(1)(c) AVG
        telecom_basis="",
        purpose_classes=(LEGAL,),
        subjects=("dpv:DataSubject",),
        fields=(),
        term=Words("Dertig dagen.", "Thirty days."),
        trigger="recorded",
        days=30,
    ),
)

BOOKS = ActivityPreset(
    key="books",
    name=Words("Boekhouding", "Bookkeeping"),
    purpose=Words(
        "Onze verkopen bewaren zoals de belastingwet het wil.",
        "To keep our sales as the tax law demands.",
    ),
    basis=Basis.LEGAL_OBLIGATION,  # AWR 52
    telecom_basis="",
    purpose_classes=(LEGAL, RECORDS),
    subjects=("dpv:Customer",),
    fields=(
        FieldUse("last_purchase", Words("Voor de belastingdienst.", "For the tax office.")),
        FieldUse("purchase_amount", Words("Voor de belastingdienst.", "For the tax office.")),
        FieldUse("product_group", Words("Voor de belastingdienst.", "For the tax office.")),
    ),
    term=Words(
        "Tot zeven jaar na het boekjaar van uw aankoop.",
        "Up to seven years after the book year of your purchase.",
    ),
    trigger="end-of-book-year",
    months=84,
)
"""Entered when Akkoord is the bookkeeping: then sales carry the fiscal term (AWR 52(4))."""

PRINTING = Words("Brieven drukken en bezorgen", "Printing and mailing letters")
SENDING = Words("Het versturen van e-mail", "Sending e-mail")
RECIPIENTS: tuple[tuple[str, str, Words], ...] = (
    (
        "hosting",
        "processor",
        Words("De computer waarop Akkoord draait", "The computer that Akkoord runs on"),
    ),
    ("mail", "processor", SENDING),
)

PUSH_RECIPIENT = "browser-push"
PUSH_SERVICE_NAME = "Google, Mozilla, Apple, Microsoft"
PUSH_SERVICE = Words(
    "De pushdienst van uw eigen browser brengt het bericht. Die kan het niet lezen.",
    "The push service of your own browser brings the message. It cannot read it.",
)
PUSH_SAFEGUARD = "EU-US Data Privacy Framework"

SECURITY = Words(
    "Toegang met wachtwoord en tweede factor, rollen, vastlegging van wie wat bekeek, versleutelde "
    "verbindingen, IP-adressen afgekapt, reservekopieën.",
    "Access by password and second factor, roles, a record of who read what, encrypted "
    "connections, truncated IP addresses, back-ups.",
)
