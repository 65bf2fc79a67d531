"""What is read out on the telephone: written down beforehand, with a version (INV-7, 20)."""

from datetime import datetime

from django.utils.translation import gettext as _

from akkoord.consent.models import Notice
from akkoord.consent.notices import WordingRefused, keep_notice
from akkoord.trail.actions import Actor, record_change

KIND = "script"


def keep_script(*, text: str, language: str, at: datetime, actor: Actor) -> Notice:
    """A script as it is read out; the same text is the same version. Refuses an empty one."""
    if not text.strip():
        raise WordingRefused("text", _("Enter the exact words that you read out."))
    notice = keep_notice(kind=KIND, language=language, text=text.strip(), at=at)
    record_change(
        actor=actor, action="script.keep", object_kind="notice", object_id=notice.id, at=at
    )
    return notice
