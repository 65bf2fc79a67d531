"""Django app of the room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers the room with Django and lets higher rooms plug into the person's page."""

    name = "akkoord.people"
    label = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find every room's `sections.py`."""
        from akkoord.people import review_kinds as review_kinds  # enters its own

        autodiscover_modules("sections")
