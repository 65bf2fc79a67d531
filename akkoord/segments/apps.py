"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.segments"
    label = "segments"
    verbose_name = _("Segments")
    default_auto_field = "django.db.models.BigAutoField"
