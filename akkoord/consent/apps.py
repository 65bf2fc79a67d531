"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    """Registers the room with Django, and its events with the ledger."""

    name = "akkoord.consent"
    label = "consent"
    verbose_name = _("Consent")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permission events are sealed, and `ledger verify` compares standings with them."""
        from akkoord.consent.rebuild import standing_faults
        from akkoord.trail.ledger import LedgerSource, register_source, register_verification

        register_source(
            LedgerSource(
                name="permissions",
                table="consent_permissionevent",
                columns=(
                    "person_ref",
                    "contact_point_ref",
                    "purpose_version_id",
                    "channel",
                    "basis",
                    "state",
                    "happened_at",
                    "recorded_at",
                    "valid_until",
                    "actor_kind",
                    "actor_ref",
                    "method",
                    "collection_point_id",
                    "notice_id",
                    "is_declared",
                    "evidence",
                ),
                blankable=(
                    "person_ref",
                    "contact_point_ref",
                    "happened_at",
                    "valid_until",
                    "actor_ref",
                    "evidence",
                ),
            )
        )
        register_verification(standing_faults)
