"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatamapConfig(AppConfig):
    """Registers the room with Django, and the check that every model is declared."""

    name = "akkoord.datamap"
    label = "datamap"
    verbose_name = _("Data map")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system check."""
        from akkoord.datamap import checks  # noqa: F401
