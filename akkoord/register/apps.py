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
        """Enter the brand; the register's versions are sealed in the ledger (INV-30)."""
        from akkoord.trail.ledger import LedgerSource, register_source

        import_module("akkoord.register.branding")
        import_module("akkoord.register.measures").enter_own()
        register_source(
            LedgerSource(
                name="register",
                table="register_registerversion",
                columns=(
                    "key",
                    "number",
                    "content",
                    "made_at",
                    "actor_kind",
                    "changed_by",
                    "act",
                    "reason",
                ),
            )
        )
