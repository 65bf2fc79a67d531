"""The register as linked data: JSON-LD in the Data Privacy Vocabulary (DPV 2.2) of the W3C."""

from typing import Any

from akkoord.datamap.dpv import CATEGORIES, PURPOSE_CLASSES, iri
from akkoord.law.register_rules import needs_ground
from akkoord.register.entry_words import SUBJECTS, ground_words
from akkoord.register.records import Entry, Record, Register, text_of

DPV = "https://w3id.org/dpv#"
GDPR = "https://w3id.org/dpv/legal/eu/gdpr#"
CONTEXT: dict[str, str] = {
    "dpv": DPV,
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": GDPR,
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
BASES = {
    "consent": "eu-gdpr:A6-1-a",
    "contract": "eu-gdpr:A6-1-b",
    "legal-obligation": "eu-gdpr:A6-1-c",
    "vital-interest": "eu-gdpr:A6-1-d",
    "public-task": "eu-gdpr:A6-1-e",
    "legitimate-interest": "eu-gdpr:A6-1-f",
}
TRANSFERS = {
    "adequacy": "eu-gdpr:A45-3",
    "dpf": "eu-gdpr:A45-3",
    "clauses": "eu-gdpr:A46-2-c",
    "binding-rules": "eu-gdpr:A46-2-b",
}
"""Which exception of art. 49 a contract means only its words say, so that one has a title alone."""
# Groups of people that DPV has no term for are data subjects with a title.
SUBJECT_TERMS = frozenset(
    {
        "dpv:Customer",
        "dpv:Subscriber",
        "dpv:DataSubject",
        "dpv:Employee",
        "dpv:JobApplicant",
        "dpv:Member",
        "dpv:Patient",
        "dpv:Visitor",
        "dpv:Client",
        "dpv:Child",
        "dpv:ParentOfDataSubject",
    }
)


def linked_data(register: Register, language: str) -> dict[str, Any]:
    """The whole register; addresses are URNs, for it stands nowhere on the web."""
    return {
        "@context": CONTEXT,
        "@graph": [
            _controller(register.house),
            *(_activity(each, language) for each in register.entries if not each.is_ended),
            *_recipients(register),
            *(_measure(each) for each in register.house.get("measures") or ()),
        ],
    }


def _controller(house: Record) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": "urn:akkoord:controller",
        "@type": "dpv:DataController",
        "dpv:hasName": str(house.get("name", "")),
        "dpv:hasAddress": str(house.get("address", "")),
        "dpv:hasContact": str(house.get("contact_email", "")),
    }
    if house.get("officer_email"):
        node["dpv:hasDataProtectionOfficer"] = {
            "@type": "dpv:DataProtectionOfficer",
            "dpv:hasName": str(house.get("officer_name", "")),
            "dpv:hasContact": str(house["officer_email"]),
        }
    if house.get("representative"):
        node["dpv:hasRepresentative"] = {
            "@type": "dpv:Representative",
            "dpv:hasName": str(house["representative"]),
        }
    if house.get("joint_controllers"):
        node["dpv:hasJointDataControllers"] = {
            "@type": "dpv:JointDataControllers",
            "dpv:hasName": str(house["joint_controllers"]),
        }
    return node


def _measure(each: Record) -> dict[str, Any]:
    """A measure of the whole organisation; seen by Akkoord itself, or declared on a day."""
    node: dict[str, Any] = {
        "@id": f"urn:akkoord:measure:{each['key']}",
        "@type": "dpv:TechnicalOrganisationalMeasure",
        "dct:title": _words(each, "name"),
    }
    if each.get("declared_on"):
        node["dct:date"] = {"@value": str(each["declared_on"]), "@type": "xsd:date"}
    return node


def _words(record: Record, name: str) -> list[dict[str, str]]:
    return [
        {"@value": str(record[f"{name}_{tail}"]), "@language": tail}
        for tail in ("nl", "en")
        if record.get(f"{name}_{tail}")
    ]


def _activity(entry: Entry, language: str) -> dict[str, Any]:
    record, house = entry.content, entry.house
    is_ours = record["role"] == "processor"
    node: dict[str, Any] = {
        "@id": f"urn:akkoord:activity:{entry.key}",
        "@type": "dpv:Process",
        "dct:title": _words(record, "name"),
        "dct:identifier": entry.key,
        "dct:hasVersion": entry.number,
        "dpv:hasPurpose": _purposes(record),
        "dpv:hasDataSubject": [_subject(each) for each in record.get("subjects") or ()],
        "dpv:hasPersonalData": _data(record, language),
        "dpv:hasRecipient": [{"@id": _urn(each)} for each in record.get("recipients") or ()]
        + [
            {"@type": "dpv:Recipient", "dct:title": str(each)}
            for each in text_of(record, "receivers", language) or ()
        ],
        "dpv:hasStorageCondition": _terms(record, language),
        "dpv:hasTechnicalOrganisationalMeasure": [
            {
                "@type": "dpv:TechnicalOrganisationalMeasure",
                "dct:description": _words(record, "security"),
            },
            *(
                {"@id": f"urn:akkoord:measure:{each['key']}"}
                for each in house.get("measures") or ()
            ),
        ],
    }
    if source := _words(record, "source"):
        node["dpv:hasDataSource"] = {"@type": "dpv:DataSource", "dct:description": source}
    if proof := _proof(record):
        node["dpv:hasJustification"] = {"@type": "dpv:Justification", "dct:description": proof}
    if transfers := _words(record, "transfers"):
        node["dpv:hasProcessing"] = {
            "@type": "dpv:CrossBorderTransfer",
            "dct:description": transfers,
        }
    if record["legal_basis"] in BASES:
        node["dpv:hasLegalBasis"] = {"@id": BASES[record["legal_basis"]]}
    node["dpv:hasDataProcessor" if is_ours else "dpv:hasDataController"] = {
        "@id": "urn:akkoord:controller"
    }
    if is_ours:
        node["dpv:hasDataController"] = [
            {"@type": "dpv:DataController", "dpv:hasName": str(each)}
            for each in record.get("clients") or ()
        ]
    return node


def _proof(record: Record) -> list[Any]:
    """How the basis is shown: in words, and what was weighed (art. 5(2), 6(1)(f))."""
    weighing = record.get("weighing") or {}
    steps = [weighing[step] for step in ("interest", "necessity", "balance") if weighing.get(step)]
    return [*_words(record, "proof"), *(str(each) for each in steps)]


def _purposes(record: Record) -> list[dict[str, Any]]:
    known = [each for each in record.get("purpose_classes") or () if each in PURPOSE_CLASSES]
    types = known or ["dpv:Purpose"]
    return [{"@type": types, "dct:description": _words(record, "purpose")}]


def _subject(key: str) -> dict[str, Any]:
    if key in SUBJECT_TERMS:
        return {"@type": key, "dct:title": str(SUBJECTS.get(key, key))}
    return {"@type": "dpv:DataSubject", "dct:title": str(SUBJECTS.get(key, key))}


def _data(record: Record, language: str) -> list[dict[str, Any]]:
    fields = [
        {
            "@type": [
                iri(each["category"]) if each["category"] in CATEGORIES else "dpv:PersonalData",
                *(["dpv:SpecialCategoryPersonalData"] if each["is_special"] else []),
            ],
            "dct:title": _words(each, "name"),
        }
        for each in record.get("fields") or ()
    ]
    others = [
        {"@type": ["dpv:PersonalData"], "dct:title": str(each)}
        for each in text_of(record, "data", language) or ()
    ]
    return [*fields, *others]


def _terms(record: Record, language: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in record.get("terms") or ():
        node: dict[str, Any] = {
            "@type": "dpv:StorageCondition",
            "dct:description": _words(each, "criterion"),
        }
        if each["months"] or each["days"]:
            length = f"P{each['months'] or 0}M{each['days'] or 0}D"
            node["dpv:hasDuration"] = {"@value": length, "@type": "xsd:duration"}
        found.append(node)
    if text_of(record, "term", language):
        found.append({"@type": "dpv:StorageCondition", "dct:description": _words(record, "term")})
    return found


def _urn(recipient: Record) -> str:
    return f"urn:akkoord:recipient:{recipient['key']}"


def _recipients(register: Register) -> list[dict[str, Any]]:
    found = {
        each["key"]: each
        for entry in register.entries
        if not entry.is_ended
        for each in entry.content.get("recipients") or ()
    }
    return [_recipient(each) for _key, each in sorted(found.items())]


def _recipient(each: Record) -> dict[str, Any]:
    is_processor = each["role"] == "processor"
    node: dict[str, Any] = {
        "@id": _urn(each),
        "@type": ["dpv:Recipient", "dpv:DataProcessor" if is_processor else "dpv:ThirdParty"],
        "dpv:hasName": str(each["name"]),
        "dct:description": _words(each, "service"),
        "dpv:hasCountry": str(each["country"]),
    }
    if needs_ground(str(each["country"])) and each.get("safeguard"):
        ground = str(each["safeguard"])
        node["dpv:hasLegalBasis"] = (
            {"@id": TRANSFERS[ground]}
            if ground in TRANSFERS
            else {"@type": "dpv:DataTransferLegalBasis", "dct:title": ground_words(ground)}
        )
    if each.get("contract_on"):
        node["dpv:hasLegalMeasure"] = {
            "@type": "dpv:DataProcessingAgreement",
            "dct:date": {"@value": str(each["contract_on"]), "@type": "xsd:date"},
        }
    return node
