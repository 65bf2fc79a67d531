"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    """Registers the room with Django, and its holds and spans with the data map."""

    name = "akkoord.retention"
    label = "retention"
    verbose_name = _("Retention")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every clean-up asks the data map who is held, and what still holds somebody."""
        from akkoord.datamap.holds import register_holds
        from akkoord.retention import spans
        from akkoord.retention.hold_queries import holds_among, is_activity_held
        from akkoord.retention.ledger import runs_on_record
        from akkoord.trail.ledger import register_erasure_check

        register_holds(holds_among, is_activity_held)
        register_erasure_check(runs_on_record)
        spans.tell()
