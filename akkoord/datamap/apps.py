"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatamapConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.datamap"
    label = "datamap"
    verbose_name = _("Data map")
    default_auto_field = "django.db.models.BigAutoField"
