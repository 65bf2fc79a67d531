"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.rights"
    label = "rights"
    verbose_name = _("Rights")
    default_auto_field = "django.db.models.BigAutoField"
