"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.campaigns"
    label = "campaigns"
    verbose_name = _("Campaigns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on pictures know which letters show them, and runs who gets which version."""
        from akkoord.campaigns import ab_groups as ab_groups  # enters itself
        from akkoord.campaigns import group_uses as group_uses  # enters itself
        from akkoord.campaigns import picture_uses as picture_uses  # enters itself
