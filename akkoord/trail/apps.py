"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.trail"
    label = "trail"
    verbose_name = _("Trail")
    default_auto_field = "django.db.models.BigAutoField"
