"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.messages"
    label = "messages"
    verbose_name = _("Messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says who receives people's data by our letters."""
        from akkoord.messages.disclosures import declare

        declare()
