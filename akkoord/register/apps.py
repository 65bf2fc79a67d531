"""Django app of the room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """Registers the room with Django and gives the pages the organisation's brand."""

    name = "akkoord.register"
    label = "register"
    verbose_name = _("Register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the brand."""
        import_module("akkoord.register.branding")
