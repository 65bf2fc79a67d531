"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

OPEN_REQUESTS = """
SELECT subject_id AS person_id, 'requests' AS activity, 'request-closed' AS trigger,
       'infinity'::date AS ended FROM rights_rightsrequest
 WHERE subject_id IS NOT NULL AND closed_at IS NULL
   AND state <> 'waiting-identity'{those:subject_id}
"""


class RightsConfig(AppConfig):
    """Registers the room with Django, and its erasures with the ledger."""

    name = "akkoord.rights"
    label = "rights"
    verbose_name = _("Rights")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Erasure records are sealed; the ledger asks them which blankings are lawful."""
        from akkoord.accounts.parties import register_parties
        from akkoord.datamap.cells import declare_sealed
        from akkoord.datamap.disclosing import declare_disclosures, keep_book_by
        from akkoord.datamap.forgetting import register_forgetting
        from akkoord.datamap.spans import register_spans
        from akkoord.rights.about import add_recipient_source
        from akkoord.rights.ledger import erasures_on_record, unrecorded_blankings
        from akkoord.rights.recipient_queries import parties, party_names
        from akkoord.rights.recipients import really_received
        from akkoord.rights.together import forget_together
        from akkoord.trail.ledger import (
            LedgerSource,
            register_erasure_check,
            register_source,
            register_verification,
        )

        register_source(
            LedgerSource(
                name="erasures",
                table="rights_erasurerecord",
                columns=("run_id", "event_ids", "recorded_at"),
            )
        )
        for store in ("rights_erasuresearch", "rights_recipientnotice"):
            declare_sealed(store, "sealed")  # by a key outside the database
        register_erasure_check(erasures_on_record)
        register_verification(unrecorded_blankings)
        register_forgetting(forget_together)
        # Whoever waits for an answer is not cleaned up meanwhile (art. 12(3)).
        register_spans("requests", OPEN_REQUESTS)
        declare_disclosures("rights", "akkoord.rights.disclosures.handed_by_us")
        keep_book_by("akkoord.rights.disclosures.record_disclosures")
        add_recipient_source("received", really_received)
        register_parties(parties, party_names)
