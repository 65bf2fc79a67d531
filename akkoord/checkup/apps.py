"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckupConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.checkup"
    label = "checkup"
    verbose_name = _("Check-up")
    default_auto_field = "django.db.models.BigAutoField"
