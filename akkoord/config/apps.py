"""Django apps of the wiring."""

from django.apps import AppConfig
from django.contrib.messages.apps import MessagesConfig


class ConfigConfig(AppConfig):
    """Registers the wiring: declarations for the libraries' own tables, and its checks."""

    name = "akkoord.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the declarations of the libraries' tables."""
        from akkoord.config import library_data  # noqa: F401


class FlashMessages(MessagesConfig):
    """Django's one-time notices, under another label: `messages` is our own room."""

    label = "flash_messages"
