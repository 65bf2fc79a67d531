"""Companies that many organisations work with, with their standard contract: one tick.

What stands here is what each publishes itself: who signs, in which country, by which ground data
leaves the EEA. `looked_up` says when its name and country were last held against its own terms or
privacy statement; without a day they are what is commonly known. The page shows it, for whoever
agrees to a contract looks at it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from akkoord.law.register_rules import Ground


@dataclass(frozen=True, slots=True)
class Company:
    """A company with a contract that it offers to everybody, or that needs none."""

    key: str
    name: str
    country: str
    service: tuple[str, str]  # Dutch, English
    kind: str  # mail, hosting, books, post
    role: str = "processor"
    ground: str = ""
    subprocessors: tuple[str, ...] = ()
    looked_up: date | None = None


_MAIL = ("Het versturen van e-mail", "Sending e-mail")
_HOST = ("De computers waar onze gegevens op staan", "The computers that our data stand on")
_BOOKS = ("Het boekhoudpakket", "The bookkeeping software")
_POST = ("Het bezorgen van post en pakketten", "Delivering letters and parcels")
_PAY = ("Het afhandelen van betalingen", "Handling payments")
# Where a company publishes who works for it. Of the others nobody looked it up: that is a warning.
_AWS_LIST = ("https://aws.amazon.com/compliance/sub-processors/",)
_TWILIO_LIST = ("https://www.twilio.com/legal/sub-processors",)
_SEEN = date(2026, 11, 26)

COMPANIES: tuple[Company, ...] = (
    Company("mail-ses", "Amazon Web Services EMEA SARL (Amazon SES)", "LU", _MAIL, "mail",
            subprocessors=_AWS_LIST),
    Company("mail-mailgun", "Mailgun Technologies, Inc. (Mailgun)", "US", _MAIL, "mail",
            ground=Ground.CLAUSES, looked_up=_SEEN),
    Company("mail-postmark", "AC PM LLC (Postmark)", "US", _MAIL, "mail",
            ground=Ground.CLAUSES, looked_up=_SEEN),
    Company("mail-brevo", "Sendinblue SAS (Brevo)", "FR", _MAIL, "mail",
            looked_up=_SEEN),
    Company("mail-sendgrid", "Twilio Inc. (SendGrid)", "US", _MAIL, "mail",
            ground=Ground.CLAUSES, subprocessors=_TWILIO_LIST),
    Company("host-transip", "TransIP B.V.", "NL", _HOST, "hosting"),
    Company("host-hetzner", "Hetzner Online GmbH", "DE", _HOST, "hosting",
            looked_up=_SEEN),
    Company("host-ovh", "OVH SAS", "FR", _HOST, "hosting"),
    Company("host-leaseweb", "Leaseweb Netherlands B.V.", "NL", _HOST, "hosting"),
    Company("books-exact", "Exact Netherlands B.V.", "NL", _BOOKS, "books", looked_up=_SEEN),
    Company("books-moneybird", "MoneyBird B.V.", "NL", _BOOKS, "books",
            looked_up=_SEEN),
    Company("books-snelstart", "SnelStart Software B.V.", "NL", _BOOKS, "books", looked_up=_SEEN),
    Company("books-eboekhouden", "e-Boekhouden.nl B.V.", "NL", _BOOKS, "books"),
    Company("books-jortt", "Jortt B.V.", "NL", _BOOKS, "books"),
    Company("books-twinfield", "Wolters Kluwer Nederland B.V. (Twinfield)", "NL", _BOOKS, "books"),
    Company("pay-mollie", "Mollie B.V.", "NL", _PAY, "books", role="independent"),
    Company("post-nl", "PostNL Holding B.V.", "NL", _POST, "post", role="independent",
            looked_up=_SEEN),
    Company("post-dhl", "DHL eCommerce (Netherlands) B.V.", "NL", _POST, "post",
            role="independent", looked_up=_SEEN),
)  # fmt: skip
KNOWN: Mapping[str, Company] = {each.key: each for each in COMPANIES}
