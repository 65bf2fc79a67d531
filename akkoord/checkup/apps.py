"""Django app of the room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckupConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.checkup"
    label = "checkup"
    verbose_name = _("Check-up")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the register show the measures that this room can see (art. 32)."""
        import_module("akkoord.checkup.measured").enter_own()
