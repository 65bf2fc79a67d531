"""The vocabulary: W3C DPV categories of personal data and classes of purpose, with our labels.

Keys are what declarations write. `concept` is the DPV 2.2 term that an export names: where DPV
has nothing as narrow as ours (a first name), its nearest broader term.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMESPACES: Mapping[str, str] = MappingProxyType(
    {"pd": "https://w3id.org/dpv/pd#", "dpv": "https://w3id.org/dpv#"}
)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of personal data. `special`: art. 9 or 10 GDPR, refused without an exception."""

    key: str
    label: Promise
    concept: str
    special: bool = False


@dataclass(frozen=True, slots=True)
class PurposeClass:
    """A kind of purpose that a field may serve."""

    key: str
    label: Promise


# Key, label and, where ours is narrower than DPV's, the DPV term.
_PLAIN: tuple[tuple[str, Promise, str], ...] = (
    ("pd:Name", _("Name"), ""),
    ("pd:GivenName", _("First name"), "pd:Name"),
    ("pd:FamilyName", _("Last name"), "pd:Name"),
    ("pd:Username", _("User name"), ""),
    ("pd:EmailAddress", _("E-mail address"), ""),
    ("pd:TelephoneNumber", _("Phone number"), ""),
    ("pd:Contact", _("Contact details"), ""),
    ("pd:PhysicalAddress", _("Postal address"), ""),
    ("pd:Street", _("Street"), ""),
    ("pd:HouseNumber", _("House number"), ""),
    ("pd:PostalCode", _("Postcode"), ""),
    ("pd:City", _("Town"), ""),
    ("pd:Country", _("Country"), ""),
    ("pd:Location", _("Location"), ""),
    ("pd:Identifier", _("Reference number"), ""),
    ("pd:Identifying", _("What refers to a person"), ""),
    ("pd:IPAddress", _("IP address"), ""),
    ("pd:UserAgent", _("Browser"), ""),
    ("pd:DeviceBased", _("Device"), ""),
    ("pd:Password", _("Password"), ""),
    ("pd:Authenticating", _("Log-in details"), ""),
    ("pd:AuthenticationHistory", _("Log-in history"), ""),
    ("pd:Language", _("Language"), ""),
    ("pd:Gender", _("Gender"), ""),
    ("pd:Age", _("Age"), ""),
    ("pd:AgeRange", _("Age group"), ""),
    ("pd:BirthDate", _("Date of birth"), ""),
    ("pd:Relationship", _("Relation to us"), ""),
    ("pd:Employer", _("Company"), "pd:CurrentEmployment"),
    ("pd:Job", _("Job"), ""),
    ("pd:ProfessionalInformation", _("Work"), "pd:Professional"),
    ("pd:PurchaseHistory", _("Purchases"), "pd:Purchase"),
    ("pd:PaymentCard", _("Payment card"), ""),
    ("pd:BankAccount", _("Bank account"), ""),
    ("pd:Consent", _("Choices and permissions"), "pd:PrivacyPreference"),
    ("pd:Preference", _("Preferences"), ""),
    ("pd:Interest", _("Interests"), ""),
    ("pd:Opinion", _("Opinion"), ""),
    ("pd:Picture", _("Picture"), ""),
    ("pd:Communication", _("Messages"), ""),
    ("pd:EmailContent", _("Text of e-mails"), ""),
    ("pd:LinkClicked", _("Clicks in messages"), ""),
    ("pd:BehavioralData", _("Use"), "pd:Behavioural"),
    ("pd:PersonalInformation", _("Other personal data"), "dpv:PersonalData"),
)
_SPECIAL: tuple[tuple[str, Promise, str], ...] = (
    ("pd:MedicalHealth", _("Health"), ""),
    ("pd:Disability", _("Disability"), ""),
    ("pd:Prescription", _("Medicines"), ""),
    ("pd:Genetic", _("Genetic data"), ""),
    ("pd:Biometric", _("Biometric data"), ""),
    ("pd:EthnicOrigin", _("Ethnic origin"), ""),
    ("pd:Race", _("Race"), ""),
    ("pd:PoliticalOpinion", _("Political opinion"), ""),
    ("pd:PoliticalAffiliation", _("Political party"), ""),
    ("pd:Religion", _("Religion"), ""),
    ("pd:PhilosophicalBelief", _("Philosophy of life"), ""),
    ("pd:TradeUnionMembership", _("Trade union"), ""),
    ("pd:Sexual", _("Sex life or orientation"), ""),
    ("pd:Criminal", _("Criminal record"), ""),  # art. 10
)
CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        key: Category(key, label, concept or key, special)
        for rows, special in ((_PLAIN, False), (_SPECIAL, True))
        for key, label, concept in rows
    }
)

PURPOSE_CLASSES: Mapping[str, PurposeClass] = MappingProxyType(
    {
        each.key: each
        for each in (
            PurposeClass("dpv:DirectMarketing", _("Newsletters and offers")),
            PurposeClass("dpv:ServiceProvision", _("Delivering what was ordered")),
            PurposeClass("dpv:CustomerRelationshipManagement", _("Looking after customers")),
            PurposeClass("dpv:CustomerCare", _("Answering questions")),
            PurposeClass("dpv:ServiceOptimisation", _("Improving what we do")),
            PurposeClass("dpv:RightsFulfilment", _("Answering privacy requests")),
            PurposeClass("dpv:LegalCompliance", _("Doing what the law asks")),
            PurposeClass("dpv:RecordManagement", _("Keeping records in order")),
            PurposeClass("dpv:IdentityAuthentication", _("Logging in")),
            PurposeClass("dpv:EnforceSecurity", _("Security")),
        )
    }
)


def iri(key: str) -> str:
    """The full address of a category's or purpose class's DPV term; KeyError when unknown."""
    concept = CATEGORIES[key].concept if key in CATEGORIES else PURPOSE_CLASSES[key].key
    prefix, _colon, name = concept.partition(":")
    return NAMESPACES[prefix] + name


def is_special(key: str) -> bool:
    """Whether a category falls under art. 9 or 10 GDPR; an unknown one does not."""
    return key in CATEGORIES and CATEGORIES[key].special
