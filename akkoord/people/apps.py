"""Django app of the room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers the room with Django and lets higher rooms plug into the person's page."""

    name = "akkoord.people"
    label = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find every room's `sections.py`; say to the register which names are somebody's."""
        from akkoord.people import kept_fields as kept_fields  # enters itself
        from akkoord.people import review_kinds as review_kinds  # enters its own
        from akkoord.people.names_known import full_names_among
        from akkoord.register.nobody import know_names_by

        know_names_by(full_names_among)

        autodiscover_modules("sections")
