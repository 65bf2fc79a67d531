"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComposingConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.composing"
    label = "composing"
    verbose_name = _("Composing")
    default_auto_field = "django.db.models.BigAutoField"
