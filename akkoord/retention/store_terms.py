"""What ends every table and every kind of file: one list, so that nothing is kept for ever unseen.

A table of people goes with its person by the data map; some have a shorter term of their own. What
the organisation itself made stays as long as it uses it. A table or file that stands in none of
these shows red, and fails the check (decision 0039).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from akkoord.datamap.declaration import Declaration, OnErasure, Whose, declarations


class Ends(StrEnum):
    """What ends something."""

    PERSON = "person"  # goes with its person, at the end of their last purpose
    ACCOUNT = "account"  # goes with the account of a member of staff
    USE = "use"  # the organisation's own: it stays as long as it is used
    PARENT = "parent"  # goes with what it belongs to
    TERM = "term"  # a term of its own
    PROOF = "proof"  # bare hashes that say nothing about anybody (art. 11)


@dataclass(frozen=True, slots=True)
class StoreTerm:
    """What ends a store. `term` names the number (of the law's table, or of the room that sweeps);
    `sweep` is the dotted path of what lets it go, by itself and on time."""

    ends: Ends
    term: str | timedelta = ""
    sweep: str = ""
    label: Any = ""


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _term(term: str | timedelta, sweep: str, label: Any) -> StoreTerm:
    return StoreTerm(Ends.TERM, term, f"akkoord.{sweep}", label)


USE, PARENT, PROOF = StoreTerm(Ends.USE), StoreTerm(Ends.PARENT), StoreTerm(Ends.PROOF)
ACCOUNT, PERSON = StoreTerm(Ends.ACCOUNT), StoreTerm(Ends.PERSON)
_QUEUE = _term("queue-record-term", "retention.sweeps.sweep_queue", _("Work in the background"))
_ERASURES = _term("erasure-record-term", "rights.resume.tidy_requests", _("Records of erasures"))
_LOG_IN = "config.jobs.clear_log_in_remains"
_LIMITS = "messages.pace.forget_old_limits"

# Terms of their own: shorter than their person, or of no person at all.
TERMS: Mapping[str, StoreTerm] = MappingProxyType(
    {
        "people_agreement": _term(
            "customers", "retention.sweeps.sweep_agreements", _("Agreements that are over")
        ),
        "people_purchase": _term(
            "books", "retention.sweeps.sweep_books", _("Sales in the books, without a person")
        ),
        "people_pushdevice": _term(
            1 * HOUR, "consent.devices.sweep_idle", _("Devices without a yes")
        ),
        "messages_message": _term(
            "message-record-term", "retention.sweeps.sweep_messages", _("Who got which message")
        ),
        "messages_hit": _term(
            "measuring-term", "messages.measured.forget_hits", _("What was opened and pressed")
        ),
        "messages_occasion": _term(
            1 * DAY, "messages.service.forget_occasions", _("Purchases that a message was about")
        ),
        "messages_letterpage": _term(
            "letter-file-term", "messages.letter_erase.forget_letter_files", _("Letters on paper")
        ),
        "messages_letterfile": _term(
            "letter-file-term", "messages.letter_erase.forget_letter_files", _("Letters on paper")
        ),
        "campaigns_seriesrun": _term(
            "series-log-term", "campaigns.series_work.forget_runs", _("Who was in a series")
        ),
        "campaigns_serieslog": _term(
            "series-log-term", "campaigns.series_work.forget_runs", _("Who was in a series")
        ),
        "consent_signup": _term(
            "confirmation-term", "consent.expire.expire_sign_ups", _("Sign-ups nobody confirmed")
        ),
        "consent_enquiry": _term(
            "question-term", "consent.enquiries.forget_old_enquiries", _("Questions")
        ),
        "consent_specialvalue": _term(
            "special-exception-term",
            "consent.special_clear.clear_closed",
            _("Sensitive data on an exception"),
        ),
        "consent_linkrequest": _term(
            1 * DAY, "consent.ask_link.forget_old_requests", _("Links that were asked for")
        ),
        "consent_incomingmail": _term(
            90 * DAY, "consent.receive.forget_received", _("Mails to us about stopping")
        ),
        "consent_trialaddress": _term(
            365 * DAY, "consent.trial.forget_trials", _("Addresses that try letters")
        ),
        "consent_trialasked": _term(
            "refusal-pause", "consent.trial.forget_asked", _("That a mailbox was asked for tests")
        ),
        "consent_detailsquestion": _term(
            730 * DAY, "consent.details.forget_old_questions", _("Whether details are right")
        ),
        "people_joining": _term(
            "joining-undo-term", "people.joining.forget_joinings", _("How joined records were")
        ),
        "consent_rhythm": _term(
            "pause-limit", "consent.rhythm.forget_past_pauses", _("Pauses that are over")
        ),
        "consent_wrongcode": _term(
            1 * DAY, "retention.sweeps.sweep_wrong_codes", _("Wrong codes of letters")
        ),
        "imports_overwrittenname": _term(
            "import-review-term", "imports.undo.sweep_names", _("Names before a file changed them")
        ),
        "imports_changedsale": _term(
            "import-review-term", "imports.undo.sweep_names", _("Sales before a file changed them")
        ),
        "delivery_outboxmail": _term(
            30 * DAY, "delivery.handover.sweep", _("Mails that were sent")
        ),
        "delivery_mailboxmessage": _term(
            30 * DAY, "delivery.handover.sweep", _("Mails in the built-in mailbox")
        ),
        "delivery_hookseen": _term(
            30 * DAY, "delivery.hook_actions.forget_seen", _("Reports of mail providers")
        ),
        "messages_pace": _term(90 * DAY, _LIMITS, _("How fast was sent")),
        "messages_dayuse": _term(60 * DAY, _LIMITS, _("How much was sent in a day")),
        "rights_rightsrequest": _term(
            "request-record-term", "rights.resume.tidy_requests", _("Requests of people")
        ),
        "rights_erasurerun": _ERASURES,
        "rights_erasurelist": _term(
            "erasure-record-term", "rights.lists.tidy_lists", _("Records of lists to forget")
        ),
        "rights_keptplace": _term(
            "fiscal-term-long",
            "rights.places.end_kept_places",
            _("Places that stay after an erasure"),
        ),
        "rights_recipientnotice": _term(
            "erasure-record-term",
            "rights.recipients.drop_old_notices",
            _("What recipients were told"),
        ),
        "breaches_affected": _term(
            "breach-people-term",
            "breaches.sweeps.forget_affected",
            _("Who was affected by a data leak"),
        ),
        "breaches_breach": _term(
            "breach-record-term", "breaches.sweeps.forget_breaches", _("Data leaks")
        ),
        "trail_seen": _term(
            "seen-log-term", "trail.seen.forget_seen", _("Whom staff saw in a list")
        ),
        "trail_change": _term(
            "audit-trail-term", "retention.sweeps.sweep_trail", _("Whom an act was about")
        ),
        "trail_backup": _term(
            "audit-trail-term", "retention.sweeps.sweep_backups", _("Records of backups")
        ),
        "trail_restoretry": _term(
            "audit-trail-term", "retention.sweeps.sweep_backups", _("Records of backups")
        ),
        "retention_retentionrun": _term(
            "erasure-record-term", "retention.sweeps.sweep_runs", _("Records of clean-ups")
        ),
        "django_session": _term(12 * HOUR, _LOG_IN, _("Who is logged in")),
        "axes_accessattempt": _term(1 * DAY, _LOG_IN, _("Wrong passwords")),
        "procrastinate_jobs": _QUEUE,
        "procrastinate_periodic_defers": _QUEUE,
        "consent_suppression": StoreTerm(
            Ends.TERM, "suppression-review", "", _("The do-not-mail list: looked at anew")
        ),
    }
)

_PARENTS = (
    *("imports_refusedrow", "imports_columnmapping", "imports_sensitivedecision"),
    *("breaches_breachscope", "breaches_breachnotice", "breaches_breachstep"),
    "breaches_breachversion",
    *("breaches_breachlesson", "people_duplicatepair", "rights_requeststep"),
    *("rights_erasureitem", "rights_erasuresearch", "retention_runline", "retention_duerow"),
    "datamap_rewritedue",
    *("procrastinate_events", "procrastinate_workers", "axes_accessattemptexpiration"),
    *("retention_importclearance", "retention_forecast", "messages_letterrun"),
)
_PROOFS = (
    *("trail_block", "trail_leaf", "trail_unsealed", "trail_blanking", "trail_journalmark"),
    *("rights_erasurerecord", "datamap_keyfingerprint"),
)
_ACCOUNTS = (
    *("accounts_staff", "accounts_apikey", "account_emailaddress", "account_emailconfirmation"),
    *("mfa_authenticator", "axes_accessfailurelog", "axes_accesslog"),
)
# What the organisation made, or what Akkoord itself is made of; nobody stands in it. `_` at the
# end: every table of the room that has nobody's data.
_OWN = (
    *(
        "campaigns_",
        "checkup_",
        "composing_",
        "policy_",
        "register_",
        "segments_",
        "django_",
        "auth_",
    ),
    *("consent_collectingplace", "consent_collectionpoint", "consent_form", "consent_formcount"),
    *("consent_notice", "consent_placeproof", "imports_import", "people_company"),
    *("consent_detailssetting", "trail_backupsetting", "rights_correctionmark"),
    "delivery_ownserver",
    *("delivery_mailserver", "delivery_providerhook", "delivery_serverprovider"),
    *("delivery_serverstate", "messages_dispatch", "messages_domainrule", "messages_link"),
    *("messages_linkcount", "messages_sendingrules", "messages_welcome", "referrals_programme"),
)

FILES: Mapping[str, StoreTerm] = MappingProxyType(
    {
        "attachments": _term(
            1 * HOUR, "datamap.attachments.sweep_orphans", _("Sealed files: with their row")
        ),
        "imports": _term(4 * HOUR, "imports.upload.sweep_spools", _("Files that wait to come in")),
        "incoming": _term(1 * DAY, "retention.sweeps.sweep_incoming", _("Files on their way in")),
        "journal": StoreTerm(
            Ends.PROOF,
            "backup-cycle",
            "akkoord.trail.trim.trim_journal",
            _("The journal of erasures and noes, keyed hashes"),
        ),
        "backups": _term(
            1 * DAY,
            "trail.backups.sweep_files",
            _("Backups that wait to be taken away, sealed"),
        ),
        "keys": StoreTerm(Ends.USE, label=_("Keys")),
        "uploads": StoreTerm(Ends.USE, label=_("Logo and pictures of your own")),
        "postgresql": StoreTerm(Ends.USE, label=_("The database itself")),
        "put-back": StoreTerm(Ends.PARENT, label=_("A backup that is being put back")),
        "logs": StoreTerm(
            Ends.TERM,
            "access-log-term",
            "akkoord.retention.sweeps.sweep_logs",
            _("Log of the server: without personal data"),
        ),
    }
)
"""Every folder of the data folder."""


def term_of(store: Declaration) -> StoreTerm | None:
    """What ends a declared table; None: nothing does, which is a fault."""
    table = store.table
    if table in TERMS:
        return TERMS[table]
    for names, term in ((_PARENTS, PARENT), (_PROOFS, PROOF), (_ACCOUNTS, ACCOUNT)):
        if table in names:
            return term
    if store.whose is Whose.PERSON and store.subject and store.erase is not OnErasure.KEEP:
        return PERSON
    if store.whose is Whose.NOBODY and any(
        table == each or (each.endswith("_") and table.startswith(each)) for each in _OWN
    ):
        return USE
    return None


def stores_without_term() -> list[str]:
    """Declared tables that nothing ends."""
    return [each.table for each in declarations() if term_of(each) is None]
