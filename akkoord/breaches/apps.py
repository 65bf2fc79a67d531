"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BreachesConfig(AppConfig):
    """Registers the room with Django, and the clock of a leak with the strip of every page."""

    name = "akkoord.breaches"
    label = "breaches"
    verbose_name = _("Data leaks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The clock runs on every staff page."""
        from akkoord.breaches import clock as clock
