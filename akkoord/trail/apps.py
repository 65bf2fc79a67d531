"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    """Registers the room with Django, and its changes with the ledger."""

    name = "akkoord.trail"
    label = "trail"
    verbose_name = _("Trail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Changes are sealed too; the journal may hold keyed hashes."""
        from akkoord.datamap.cells import declare_sealed
        from akkoord.datamap.scan import declare_hashes
        from akkoord.trail.ledger import LedgerSource, register_source

        # The journal of nos: as the list of suppressed addresses, outside the database.
        for name in ("nos.jsonl", "nos-waiting.jsonl", "nos.new"):  # the last while it is cut
            declare_hashes(f"journal/{name}", ground="suppression", until="suppression-review")
        for column in ("events", "commitments"):  # ids and hashes of thousands behind each other
            declare_sealed("trail_unsealed", column)
        register_source(
            LedgerSource(
                name="changes",
                table="trail_change",
                columns=(
                    "at",
                    "actor_kind",
                    "actor_id",
                    "action",
                    "object_kind",
                    "object_id",
                    "subject_id",
                    "fields",
                    "request",
                ),
                blankable=("object_id", "subject_id"),
            )
        )
