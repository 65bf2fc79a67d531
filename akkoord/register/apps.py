"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.register"
    label = "register"
    verbose_name = _("Register")
    default_auto_field = "django.db.models.BigAutoField"
