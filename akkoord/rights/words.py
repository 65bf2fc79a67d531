"""What stores, grounds and findings are called, in plain words.

Only words: what is kept and what happens to it comes from the data map. A store without an entry
here goes by its own name.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from akkoord.law.erasure_rules import KeepEnd, KeepGround

STORES: dict[str, Any] = {
    "people_person": _("Name and language"),
    "consent_trialaddress": _("Trying letters before others get them"),
    "consent_detailsquestion": _("Questions whether your details are right"),
    "people_reviewsettled": _("What we looked at and found right"),
    "people_duplicateside": _("Records that look like this one"),
    "people_joining": _("What joined records were before"),
    "people_personalias": _("Records that were joined"),
    "people_contactpoint": _("E-mail addresses and numbers"),
    "people_postaladdress": _("Postal addresses"),
    "people_relation": _("How we know you"),
    "rights_disclosure": _("Who else got it"),
    "rights_recipientnotice": _("Messages to companies that got the data"),
    "people_company": _("Company"),
    "people_purchase": _("Purchases"),
    "people_agreement": _("Memberships, subscriptions and appointments"),
    "people_ownfieldvalue": _("Own fields"),
    "consent_specialvalue": _("Sensitive data, kept on an exception of the law"),
    "consent_permissionevent": _("What was agreed to and stopped"),
    "consent_standing": _("What may be sent today"),
    "consent_signup": _("Sign-ups at a form"),
    "consent_linkrequest": _("Links that were asked for"),
    "consent_evidencefile": _("Scans and photos of what was agreed to"),
    "consent_evidencerow": _("Lines on signed lists"),
    "consent_suppression": _("Fingerprint of the address, so that no file brings it back"),
    "messages_message": _("Letters that were sent"),
    "messages_letterpage": _("Letters that wait to be printed"),
    "consent_lettercode": _("Codes on letters by post"),
    "messages_hit": _("What was opened and pressed"),
    "messages_occasion": _("Purchases that a message is about"),
    "campaigns_seriesrun": _("Series that you are in"),
    "campaigns_serieslog": _("What happened in a series"),
    "delivery_outboxmail": _("Mails on their way"),
    "delivery_mailboxmessage": _("Mails in the built-in mailbox"),
    "imports_pendingevidence": _("Evidence from a file"),
    "rights_rightsrequest": _("Requests"),
    "rights_requestpart": _("What became of each part of a request"),
    "retention_legalhold": _("Holds for a legal claim"),
    "retention_duerow": _("Clean-up that looks at somebody"),
    "breaches_affected": _("Data leaks that touched you"),
    "trail_seen": _("Lists in which staff saw you"),
    "rights_requestanswer": _("Answers to requests"),
    "rights_recordnote": _("Corrections beside a record"),
    "rights_erasurepending": _("Erasure that has begun"),
    "rights_erasurerun": _("This certificate"),
    "rights_erasurelistrow": _("Lists of people to forget"),
    "trail_change": _("Who looked or changed something"),
    "accounts_staff": _("Account of a member of staff with the same address"),
    "accounts_acts": _("What you did here as a member of staff, in numbers"),
    "register_organisation": _("Address of the organisation itself"),
    "imports_waitingfile": _("Files that waited to come in"),
    "imports_import": _("Names of files that came in"),
    "imports_columnmapping": _("Names of columns of files"),
    "imports_sensitivedecision": _("Decisions over columns of files"),
    "consent_notice": _("Names of files beside declared words"),
    "imports_overwrittenname": _("Names before a file changed them"),
    "imports_changedsale": _("Sales before a file added to them"),
    "consent_checkoutact": _("Orders in the web shop"),
    "consent_enquiry": _("Questions"),
    "consent_sealedquestion": _("Words of questions, kept apart"),
    "consent_stopreason": _("Why something was stopped"),
    "consent_rhythm": _("Pause and less often"),
    "consent_incomingmail": _("Mails to us about stopping"),
    "people_pushdevice": _("Devices for push messages"),
    "referrals_tip": _("Tips to friends"),
    "referrals_card": _("Cards to give away"),
    "referrals_carduse": _("Cards that were used"),
    "campaigns_campaign": _("Letters"),
    "campaigns_campaignversion": _("Earlier versions of letters"),
    "composing_keptletter": _("Letters kept to begin from"),
    "files": _("Files"),
}

GROUNDS: dict[str, Any] = {
    KeepGround.FISCAL_RECORD.value: _("The tax office demands it."),
    KeepGround.LEGAL_CLAIM.value: _("It is needed in a dispute."),
    KeepGround.LEGAL_OBLIGATION.value: _("A law demands it."),
    KeepGround.CONSENT_EVIDENCE.value: _("It is evidence in a dispute."),
    KeepGround.REQUEST_RECORD.value: _("That a request was answered, without who asked it."),
    KeepGround.SUPPRESSION.value: _(
        "A code from which nobody can read the address. It only stops mail."
    ),
    KeepGround.SEALED_HASH.value: _("A bare fingerprint that says nothing about anybody."),
    KeepGround.ERASURE_RECORD.value: _("Numbers and days of this erasure, without a name."),
    KeepGround.RECIPIENT_NOTICE.value: _(
        "Sealed, until companies that got the data have answered that it went there too."
    ),
    "company": _("A company is no person. The link to it is gone."),
    KeepGround.SOMEBODY_ELSES.value: _("Somebody else uses it too. Theirs stays."),
}

ENDS: dict[str, Any] = {
    KeepEnd.NAMES_NOBODY.value: _("It has no end, for it tells nothing about anybody."),
    KeepEnd.WITH_THE_CLAIM.value: _("Until the dispute is over."),
    KeepEnd.WITH_THE_DUTY.value: _("Until the law no longer demands it."),
    KeepEnd.WITH_THE_OTHERS.value: _("Until the last of the others is gone."),
}

FINDINGS: dict[str, Any] = {
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "push-endpoint": _("an address for push messages"),
    "customer-number": _("a customer number"),
    "id": _("an internal number of the person"),
    "keyed-hash": _("a fingerprint of the address"),
    "name-and-address": _("a name with an address"),
    "unreadable": _("content that cannot be read"),
}


PLACES: dict[str, Any] = {
    "name": _("its name"),
    "subject": _("the subject"),
    "preheader": _("the preview line"),
    "body": _("the text"),
}


def store_word(store: str, otherwise: str = "") -> str:
    """What a store is called."""
    return str(STORES.get(store) or otherwise or store.replace("_", " "))


def store_place(store: str) -> int:
    """Where a store stands in a list: people first, machinery last, what is new at the end."""
    known = list(STORES)
    return known.index(store) if store in STORES else len(known)


def ground_word(ground: str) -> str:
    """Why something stays."""
    return str(GROUNDS.get(ground, ""))


def end_word(end: str) -> str:
    """What ends something that has no fixed day."""
    return str(ENDS.get(end, ""))


def finding_word(kind: str) -> str:
    """What was found."""
    return str(FINDINGS.get(kind, kind))


def place_word(place: str) -> str:
    """In which part it was found; a file's path and a column without a word as they are."""
    return str(PLACES.get(place, place))
