"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    """Registers the room with Django."""

    name = "akkoord.policy"
    label = "policy"
    verbose_name = _("Privacy policy")
    default_auto_field = "django.db.models.BigAutoField"
