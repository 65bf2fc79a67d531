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
        """Let the register show measures that this room sees, and give its links the dossier."""
        import_module("akkoord.checkup.measured").enter_own()
        dossier = import_module("akkoord.checkup.dossier")
        import_module("akkoord.register.inspecting").give_dossier_by(dossier.write_for_inspector)
