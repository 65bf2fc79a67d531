"""Reason codes: why something was refused, on which article, and the lawful way onward.

Each refusal of the gate, the pipeline, an import or a form carries exactly one of these codes
(INV-2). The codes are stored and stand in the command's JSON answers, so a code is never renamed.
The sentences for readers are written by the rooms that have translations.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Remedy(StrEnum):
    """The lawful next step; asking for consent is never a mail (INV-3)."""

    ASK_AT_FORM = "ask-at-form"
    ASK_PARENT = "ask-parent"
    WAIT = "wait"
    ADD_EVIDENCE = "add-evidence"
    ADD_INVOICE = "add-invoice"
    DECLARE_WORDING = "declare-wording"
    CORRECT_ADDRESS = "correct-address"
    CORRECT_FILE = "correct-file"
    CORRECT_MESSAGE = "correct-message"
    CORRECT_FORM = "correct-form"
    COMPLETE_REGISTER = "complete-register"
    COMPLETE_SETUP = "complete-setup"
    NOTHING = "nothing"


class Stage(StrEnum):
    """Where a reason belongs first; other places may use it too."""

    GATE = "gate"
    MESSAGE = "message"
    PIPELINE = "pipeline"
    IMPORT = "import"
    FORM = "form"
    REGISTER = "register"


class Reason(StrEnum):
    """Every refusal that Akkoord knows."""

    # The gate: may this person be reached for this purpose over this channel?
    PURPOSE_ENDED = "purpose-ended"
    CHANNEL_NOT_OFFERED = "channel-not-offered"
    ADDRESS_ENDED = "address-ended"
    ADDRESS_NOT_CONFIRMED = "address-not-confirmed"
    UNDELIVERABLE = "undeliverable"
    RESTRICTED = "restricted"
    KNOWN_CHILD = "known-child"
    SUPPRESSED = "suppressed"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    AWAITING_CONFIRMATION = "awaiting-confirmation"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    OLDER_WORDING = "older-wording"
    PAUSED = "paused"
    LESS_OFTEN = "less-often"
    IMPORT_TO_BE_JUDGED = "import-to-be-judged"
    NO_BASIS = "no-basis"
    BASIS_NOT_FOR_CHANNEL = "basis-not-for-channel"
    NO_SALE = "no-sale"
    NO_AGREEMENT = "no-agreement"
    ADDRESS_NOT_FROM_SALE = "address-not-from-sale"
    OTHER_SELLER = "other-seller"
    NOT_SIMILAR = "not-similar"
    OPT_OUT_NOT_OFFERED = "opt-out-not-offered"
    SALE_TOO_OLD = "sale-too-old"
    CONTACT_LEFT = "contact-left"
    NO_PUBLICATION_EVIDENCE = "no-publication-evidence"
    NO_LEGAL_PERSON = "no-legal-person"
    TOPIC_NOT_FOR_PUBLISHED = "topic-not-for-published"
    NO_BALANCING_TEST = "no-balancing-test"
    POST_REGISTERS_NOT_CHECKED = "post-registers-not-checked"
    POST_FIELDS_NOT_ADMITTED = "post-fields-not-admitted"
    ADDRESS_INCOMPLETE = "address-incomplete"

    # The message itself
    UNKNOWN_KIND = "unknown-kind"
    NO_SENDER = "no-sender"
    NO_UNSUBSCRIBE = "no-unsubscribe"
    NO_UNSUBSCRIBE_HEADERS = "no-unsubscribe-headers"
    UNSUBSCRIBE_NOT_SIGNED = "unsubscribe-not-signed"
    NO_OPT_OUT_CODE = "no-opt-out-code"
    NO_OBJECTION_OFFERED = "no-objection-offered"
    CALLER_HIDDEN = "caller-hidden"
    PROMOTION_IN_SERVICE_MESSAGE = "promotion-in-service-message"
    TRACKING_WITHOUT_CONSENT = "tracking-without-consent"
    REWARD_FOR_SHARING = "reward-for-sharing"
    NOT_PREVIEWED = "not-previewed"
    FIELD_OUTSIDE_PURPOSE = "field-outside-purpose"
    NOT_PUBLIC_URL = "not-public-url"

    # The pipeline
    LATE_GATE = "late-gate"
    ENOUGH_LATELY = "enough-lately"
    LEFT_GROUP = "left-group"
    DOMAIN_SLOWED = "domain-slowed"
    ASKED_TO_WAIT = "asked-to-wait"
    CAMPAIGN_CANCELLED = "campaign-cancelled"
    CAMPAIGN_PAUSED = "campaign-paused"
    CONTENT_CHANGED = "content-changed"
    DUPLICATE_IN_CAMPAIGN = "duplicate-in-campaign"
    PERSON_GONE = "person-gone"
    PUT_BACK = "put-back"
    TRANSPORT_REFUSED = "transport-refused"

    # Imports
    BAD_ADDRESS = "bad-address"
    NO_ADDRESS = "no-address"
    ADDRESS_OF_ANOTHER = "address-of-another"
    DUPLICATE_ROW = "duplicate-row"
    MALFORMED_ROW = "malformed-row"
    LINE_TOO_LONG = "line-too-long"
    BAD_ENCODING = "bad-encoding"
    FORMULA = "formula"
    FILE_TOO_LARGE = "file-too-large"
    NOT_A_TABLE = "not-a-table"
    FILE_LOCKED = "file-locked"
    ALREADY_USED = "already-used"
    UNKNOWN_COLUMN = "unknown-column"
    SENSITIVE = "sensitive"
    OBJECTED_BEFORE = "objected-before"
    WITHDRAWN_BEFORE = "withdrawn-before"
    FORGOTTEN_BEFORE = "forgotten-before"
    NOT_OWN_ACT = "not-own-act"
    NO_EVIDENCE = "no-evidence"
    ADDED_BY_ADMINISTRATOR = "added-by-administrator"
    CONTRADICTORY = "contradictory"
    UNKNOWN_STATUS = "unknown-status"
    IMPOSSIBLE_TIME = "impossible-time"
    FUTURE_TIME = "future-time"
    WORDING_NOT_DECLARED = "wording-not-declared"
    BOUGHT = "bought"
    NO_CUSTOMER = "no-customer"
    UNSAFE_DOCUMENT = "unsafe-document"
    UNKNOWN_TOPIC = "unknown-topic"

    # Grants and forms
    NO_CHOICE = "no-choice"
    TICKED_BEFOREHAND = "ticked-beforehand"
    NO_AFFIRMATIVE_ACT = "no-affirmative-act"
    NOTHING_ASKED = "nothing-asked"
    SEVERAL_PURPOSES = "several-purposes"
    SEVERAL_CHANNELS = "several-channels"
    TERMS_ARE_NOT_CONSENT = "terms-are-not-consent"
    TERMS_WITHOUT_CONTRACT = "terms-without-contract"
    OPT_OUT_BESIDE_CONSENT = "opt-out-beside-consent"
    REQUIRED_FOR_SERVICE = "required-for-service"
    NO_WORDING = "no-wording"
    NO_NOTICE = "no-notice"
    NOTICE_INCOMPLETE = "notice-incomplete"
    CHILD_WITHOUT_PARENT = "child-without-parent"
    PARENT_IS_CHILD = "parent-is-child"
    BIRTH_DATE_FOR_AGE = "birth-date-for-age"
    CONFIRMATION_SENT_RECENTLY = "confirmation-sent-recently"
    REFUSED_RECENTLY = "refused-recently"
    LINK_EXPIRED = "link-expired"
    LINK_INVALID = "link-invalid"
    LINK_USED = "link-used"
    PROOF_NEEDED = "proof-needed"
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    PAUSE_TOO_LONG = "pause-too-long"

    # The register and contracts
    REGISTER_INCOMPLETE = "register-incomplete"
    NO_REGISTER_ENTRY = "no-register-entry"
    NO_PROCESSOR_CONTRACT = "no-processor-contract"
    NO_TRANSFER_GROUND = "no-transfer-ground"
    LEGAL_HOLD = "legal-hold"


@dataclass(frozen=True, slots=True)
class ReasonFact:
    """What stands behind a reason: the articles, the way onward and where it belongs."""

    articles: tuple[str, ...]
    remedy: Remedy
    stage: Stage


def _facts(stage: Stage, *rows: tuple[Reason, Remedy, tuple[str, ...]]) -> dict[Reason, ReasonFact]:
    return {reason: ReasonFact(articles, remedy, stage) for reason, remedy, articles in rows}


_TW = "Tw 11.7"
_OWN_RULE = "AVG 5(2)"  # our own care for order and proof: accountability

REASONS: dict[Reason, ReasonFact] = {
    **_facts(
        Stage.GATE,
        (Reason.PURPOSE_ENDED, Remedy.NOTHING, ("AVG 5(1)(b)",)),
        (Reason.CHANNEL_NOT_OFFERED, Remedy.NOTHING, ("AVG 5(1)(b)",)),
        (Reason.ADDRESS_ENDED, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)",)),
        (Reason.ADDRESS_NOT_CONFIRMED, Remedy.WAIT, ("AVG 7(1)", _TW)),
        (Reason.UNDELIVERABLE, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)",)),
        (Reason.RESTRICTED, Remedy.WAIT, ("AVG 18",)),
        (Reason.KNOWN_CHILD, Remedy.ASK_PARENT, ("AVG 8", "UAVG 5")),
        (Reason.SUPPRESSED, Remedy.NOTHING, ("AVG 21(3)",)),
        (Reason.OBJECTED, Remedy.ASK_AT_FORM, ("AVG 21(2)", "AVG 21(3)")),
        (Reason.WITHDRAWN, Remedy.ASK_AT_FORM, ("AVG 7(3)", _TW)),
        (Reason.REFUSED, Remedy.ASK_AT_FORM, ("AVG 4(11)", _TW)),
        (Reason.AWAITING_CONFIRMATION, Remedy.WAIT, ("AVG 7(1)", _TW)),
        (Reason.EXPIRED, Remedy.ASK_AT_FORM, ("AVG 5(1)(e)", "AVG 7(1)")),
        (Reason.INVALIDATED, Remedy.ADD_EVIDENCE, ("AVG 7(1)",)),
        (Reason.OLDER_WORDING, Remedy.ASK_AT_FORM, ("AVG 4(11)", "AVG 5(1)(b)")),
        # The person's own wish: nothing to do but wait, and nothing to ask.
        (Reason.PAUSED, Remedy.WAIT, ("AVG 7(3)", "AVG 25")),
        (Reason.LESS_OFTEN, Remedy.WAIT, ("AVG 7(3)", "AVG 25")),
        (Reason.IMPORT_TO_BE_JUDGED, Remedy.ADD_EVIDENCE, ("AVG 6(1)", "AVG 7(1)", _TW)),
        (Reason.NO_BASIS, Remedy.ASK_AT_FORM, ("AVG 6(1)", _TW)),
        (Reason.BASIS_NOT_FOR_CHANNEL, Remedy.ASK_AT_FORM, ("AVG 6(1)", _TW)),
        (Reason.NO_SALE, Remedy.ADD_INVOICE, (_TW,)),
        (Reason.NO_AGREEMENT, Remedy.ADD_EVIDENCE, ("AVG 6(1)",)),
        (Reason.ADDRESS_NOT_FROM_SALE, Remedy.ADD_INVOICE, (_TW,)),
        (Reason.OTHER_SELLER, Remedy.ASK_AT_FORM, (_TW,)),
        (Reason.NOT_SIMILAR, Remedy.ASK_AT_FORM, (_TW,)),
        (Reason.OPT_OUT_NOT_OFFERED, Remedy.ADD_EVIDENCE, (_TW, "AVG 21(4)")),
        (Reason.SALE_TOO_OLD, Remedy.ASK_AT_FORM, (_TW, "AVG 5(1)(e)")),
        (Reason.CONTACT_LEFT, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)", _TW)),
        (Reason.NO_PUBLICATION_EVIDENCE, Remedy.ADD_EVIDENCE, (_TW,)),
        (Reason.NO_LEGAL_PERSON, Remedy.ASK_AT_FORM, (_TW,)),
        (Reason.TOPIC_NOT_FOR_PUBLISHED, Remedy.COMPLETE_REGISTER, (_TW, "AVG 6(1)(f)")),
        (Reason.NO_BALANCING_TEST, Remedy.COMPLETE_REGISTER, ("AVG 6(1)(f)",)),
        (Reason.POST_REGISTERS_NOT_CHECKED, Remedy.ADD_EVIDENCE, ("AVG 6(1)(f)",)),
        (Reason.POST_FIELDS_NOT_ADMITTED, Remedy.COMPLETE_REGISTER, ("AVG 5(1)(b)",)),
        (Reason.ADDRESS_INCOMPLETE, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)",)),
    ),
    **_facts(
        Stage.MESSAGE,
        (Reason.UNKNOWN_KIND, Remedy.CORRECT_MESSAGE, ("AVG 6(1)", _TW)),
        (Reason.NO_SENDER, Remedy.CORRECT_MESSAGE, (_TW, "AVG 13(1)(a)")),
        (Reason.NO_UNSUBSCRIBE, Remedy.CORRECT_MESSAGE, ("AVG 7(3)", "AVG 21(4)", _TW)),
        (Reason.NO_UNSUBSCRIBE_HEADERS, Remedy.CORRECT_MESSAGE, ("RFC 2369", "RFC 8058")),
        (Reason.UNSUBSCRIBE_NOT_SIGNED, Remedy.COMPLETE_SETUP, ("RFC 8058",)),
        (Reason.NO_OPT_OUT_CODE, Remedy.CORRECT_MESSAGE, ("AVG 21(2)", "AVG 21(4)")),
        (Reason.NO_OBJECTION_OFFERED, Remedy.CORRECT_MESSAGE, ("AVG 21(4)", _TW)),
        (Reason.CALLER_HIDDEN, Remedy.COMPLETE_SETUP, (_TW,)),
        (Reason.PROMOTION_IN_SERVICE_MESSAGE, Remedy.CORRECT_MESSAGE, (_TW,)),
        (Reason.TRACKING_WITHOUT_CONSENT, Remedy.CORRECT_MESSAGE, ("Tw 11.7a", "AVG 6(1)(a)")),
        (Reason.REWARD_FOR_SHARING, Remedy.CORRECT_MESSAGE, (_TW,)),
        (Reason.NOT_PREVIEWED, Remedy.CORRECT_MESSAGE, ("OPTA/CBP 2008",)),
        (Reason.FIELD_OUTSIDE_PURPOSE, Remedy.CORRECT_MESSAGE, ("AVG 5(1)(b)", "AVG 5(1)(c)")),
        (Reason.NOT_PUBLIC_URL, Remedy.COMPLETE_SETUP, ("AVG 7(3)", "RFC 8058")),
    ),
    **_facts(
        Stage.PIPELINE,
        # Our own choice: nobody is to be drowned in letters, however many yeses they gave.
        (Reason.ENOUGH_LATELY, Remedy.WAIT, ("AVG 25",)),
        (Reason.LEFT_GROUP, Remedy.NOTHING, ("AVG 5(1)(b)", "AVG 5(1)(d)")),
        (Reason.DOMAIN_SLOWED, Remedy.WAIT, (_OWN_RULE,)),
        (Reason.ASKED_TO_WAIT, Remedy.WAIT, ("RFC 5321",)),
        (Reason.LATE_GATE, Remedy.WAIT, ("AVG 7(3)", "AVG 21(3)")),
        (Reason.CAMPAIGN_CANCELLED, Remedy.NOTHING, (_OWN_RULE,)),
        (Reason.CAMPAIGN_PAUSED, Remedy.WAIT, (_OWN_RULE,)),
        (Reason.CONTENT_CHANGED, Remedy.CORRECT_MESSAGE, (_OWN_RULE,)),
        (Reason.DUPLICATE_IN_CAMPAIGN, Remedy.NOTHING, ("AVG 5(1)(c)",)),
        (Reason.PERSON_GONE, Remedy.NOTHING, ("AVG 17",)),
        (Reason.PUT_BACK, Remedy.NOTHING, (_OWN_RULE,)),
        (Reason.TRANSPORT_REFUSED, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)",)),
    ),
    **_facts(
        Stage.IMPORT,
        (Reason.BAD_ADDRESS, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)", "RFC 5321")),
        (Reason.NO_ADDRESS, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(c)",)),
        (Reason.ADDRESS_OF_ANOTHER, Remedy.CORRECT_ADDRESS, ("AVG 5(1)(d)",)),
        (Reason.DUPLICATE_ROW, Remedy.NOTHING, ("AVG 5(1)(d)",)),
        (Reason.MALFORMED_ROW, Remedy.CORRECT_FILE, ("AVG 5(1)(d)",)),
        (Reason.LINE_TOO_LONG, Remedy.CORRECT_FILE, ("AVG 5(1)(d)",)),
        (Reason.BAD_ENCODING, Remedy.CORRECT_FILE, ("AVG 5(1)(d)",)),
        (Reason.FORMULA, Remedy.CORRECT_FILE, ("AVG 32",)),
        (Reason.FILE_TOO_LARGE, Remedy.CORRECT_FILE, ("AVG 32",)),
        (Reason.NOT_A_TABLE, Remedy.CORRECT_FILE, ("AVG 5(1)(d)",)),
        (Reason.FILE_LOCKED, Remedy.CORRECT_FILE, ("AVG 5(1)(d)",)),
        (Reason.ALREADY_USED, Remedy.NOTHING, (_OWN_RULE, "AVG 7(1)")),
        (Reason.UNKNOWN_COLUMN, Remedy.NOTHING, ("AVG 5(1)(c)", "AVG 30(1)(c)")),
        (Reason.SENSITIVE, Remedy.NOTHING, ("AVG 9(1)", "AVG 10", "UAVG 46")),
        (Reason.OBJECTED_BEFORE, Remedy.ASK_AT_FORM, ("AVG 21(3)",)),
        (Reason.WITHDRAWN_BEFORE, Remedy.ASK_AT_FORM, ("AVG 7(3)",)),
        (Reason.FORGOTTEN_BEFORE, Remedy.NOTHING, ("AVG 17", "AVG 21(3)")),
        (Reason.NOT_OWN_ACT, Remedy.ASK_AT_FORM, ("AVG 4(11)", "AVG 21(3)")),
        (Reason.NO_EVIDENCE, Remedy.ADD_EVIDENCE, ("AVG 7(1)", _TW)),
        (Reason.ADDED_BY_ADMINISTRATOR, Remedy.ADD_EVIDENCE, ("AVG 7(1)", _TW)),
        (Reason.CONTRADICTORY, Remedy.ADD_EVIDENCE, ("AVG 7(1)", _TW)),
        (Reason.UNKNOWN_STATUS, Remedy.ADD_EVIDENCE, ("AVG 7(1)", _TW)),
        (Reason.IMPOSSIBLE_TIME, Remedy.ADD_EVIDENCE, ("AVG 5(1)(d)", "AVG 7(1)")),
        (Reason.FUTURE_TIME, Remedy.ADD_EVIDENCE, ("AVG 5(1)(d)", "AVG 7(1)")),
        (Reason.WORDING_NOT_DECLARED, Remedy.DECLARE_WORDING, ("AVG 7(1)", "AVG 7(2)")),
        (Reason.BOUGHT, Remedy.ASK_AT_FORM, ("AVG 4(11)", "AVG 14", _TW)),
        (Reason.NO_CUSTOMER, Remedy.CORRECT_FILE, ("AVG 5(1)(d)", _TW)),
        (Reason.UNSAFE_DOCUMENT, Remedy.CORRECT_FILE, ("AVG 32",)),
        (Reason.UNKNOWN_TOPIC, Remedy.COMPLETE_REGISTER, ("AVG 5(1)(b)",)),
    ),
    **_facts(
        Stage.FORM,
        (Reason.NO_CHOICE, Remedy.ASK_AT_FORM, ("AVG 4(11)",)),
        (Reason.TICKED_BEFOREHAND, Remedy.CORRECT_FORM, ("AVG 4(11)", "C-673/17")),
        (Reason.NO_AFFIRMATIVE_ACT, Remedy.ASK_AT_FORM, ("AVG 4(11)",)),
        (Reason.NOTHING_ASKED, Remedy.ASK_AT_FORM, ("AVG 5(1)(c)",)),
        (Reason.SEVERAL_PURPOSES, Remedy.CORRECT_FORM, ("AVG 4(11)", "AVG 7(2)")),
        (Reason.SEVERAL_CHANNELS, Remedy.CORRECT_FORM, ("AVG 4(11)", _TW)),
        (Reason.TERMS_ARE_NOT_CONSENT, Remedy.CORRECT_FORM, ("AVG 7(2)",)),
        (Reason.TERMS_WITHOUT_CONTRACT, Remedy.CORRECT_FORM, ("AVG 7(2)", "AVG 5(1)(a)")),
        (Reason.OPT_OUT_BESIDE_CONSENT, Remedy.CORRECT_FORM, ("AVG 4(11)", _TW)),
        (Reason.REQUIRED_FOR_SERVICE, Remedy.CORRECT_FORM, ("AVG 7(4)",)),
        (Reason.NO_WORDING, Remedy.CORRECT_FORM, ("AVG 7(1)",)),
        (Reason.NO_NOTICE, Remedy.CORRECT_FORM, ("AVG 13",)),
        (Reason.NOTICE_INCOMPLETE, Remedy.CORRECT_FORM, ("AVG 13",)),
        (Reason.CHILD_WITHOUT_PARENT, Remedy.ASK_PARENT, ("AVG 8", "UAVG 5")),
        (Reason.PARENT_IS_CHILD, Remedy.ASK_PARENT, ("AVG 8(2)", "UAVG 5")),
        (Reason.BIRTH_DATE_FOR_AGE, Remedy.CORRECT_FORM, ("AVG 5(1)(c)",)),
        (Reason.CONFIRMATION_SENT_RECENTLY, Remedy.WAIT, (_TW,)),
        (Reason.REFUSED_RECENTLY, Remedy.WAIT, ("AVG 7(3)", _TW)),
        (Reason.LINK_EXPIRED, Remedy.ASK_AT_FORM, ("AVG 32",)),
        (Reason.LINK_INVALID, Remedy.ASK_AT_FORM, ("AVG 32",)),
        (Reason.LINK_USED, Remedy.NOTHING, ("AVG 32",)),
        (Reason.PROOF_NEEDED, Remedy.WAIT, ("AVG 32",)),
        (Reason.TOO_MANY_ATTEMPTS, Remedy.WAIT, ("AVG 32",)),
        (Reason.PAUSE_TOO_LONG, Remedy.CORRECT_FORM, ("AVG 25",)),
    ),
    **_facts(
        Stage.REGISTER,
        (Reason.REGISTER_INCOMPLETE, Remedy.COMPLETE_REGISTER, ("AVG 30(1)", "AVG 30(2)")),
        (Reason.NO_REGISTER_ENTRY, Remedy.COMPLETE_REGISTER, ("AVG 5(1)(b)", "AVG 30(1)")),
        (Reason.NO_PROCESSOR_CONTRACT, Remedy.COMPLETE_REGISTER, ("AVG 28(3)",)),
        (Reason.NO_TRANSFER_GROUND, Remedy.COMPLETE_REGISTER, ("AVG 44", "AVG 46")),
        (Reason.LEGAL_HOLD, Remedy.WAIT, ("AVG 17(3)",)),
    ),
}


def reason_fact(reason: Reason) -> ReasonFact:
    """The articles, the remedy and the stage of a reason; every reason has them."""
    return REASONS[reason]
