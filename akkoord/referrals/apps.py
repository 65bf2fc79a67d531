"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.referrals"
    label = "referrals"
    verbose_name = _("Tell a friend")
    default_auto_field = "django.db.models.BigAutoField"
