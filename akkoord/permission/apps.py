"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PermissionConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.permission"
    label = "permission"
    verbose_name = _("Permission")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on a test of a letter is asked again when it leaves."""
        from akkoord.permission import trial as trial  # enters itself
