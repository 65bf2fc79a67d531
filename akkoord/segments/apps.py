"""Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    """Registers the room with Django, and the language of groups with the letters."""

    name = "akkoord.segments"
    label = "segments"
    verbose_name = _("Segments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on letters can go to a group."""
        from akkoord.messages.groups import compile_groups_with, write_groups_with
        from akkoord.segments.language import segment_condition
        from akkoord.segments.within import written_out

        compile_groups_with(segment_condition)
        write_groups_with(written_out)
