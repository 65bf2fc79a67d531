"""Which words a person can have agreed to off-line: published forms, scripts, declared wordings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from akkoord.consent.models import CollectionPoint, Notice
from akkoord.consent.push_pages import PUSH
from akkoord.consent.scripts import KIND as SCRIPT
from akkoord.law.states import Channel
from akkoord.register.models import PurposeVersion
from akkoord.web.dates import fitting

FORM, NOTICE, TYPED = "form", "notice", "typed"
OFFERED = 60


@dataclass(frozen=True, slots=True)
class Words:
    """Words to choose: a frozen form version, a script or a declared wording."""

    key: str
    label: str


def words_to_choose() -> list[Words]:
    """The newest frozen forms, scripts and declared wordings, to choose from."""
    found = [
        Words(f"{FORM}:{each.id}", _form_label(each))
        for each in CollectionPoint.objects.filter(form__isnull=False)
        .exclude(form__kind=PUSH)  # its boxes are for a browser alone (INV-12)
        .select_related("form")
        .order_by("-published_at", "-language")[:OFFERED]
    ]
    notices = Notice.objects.filter(kind__in=(SCRIPT, "declared")).order_by("-created_at")
    found += [Words(f"{NOTICE}:{each.id}", _notice_label(each)) for each in notices[:OFFERED]]
    return found


def _form_label(point: CollectionPoint) -> str:
    name = point.form.name if point.form else ""
    day = date_format(localtime(point.published_at), fitting("j b Y"))
    return _("Form “%(name)s”, version %(version)d (%(language)s, from %(day)s)") % {
        "name": name,
        "version": point.version,
        "language": dict(settings.LANGUAGES)[point.language],
        "day": day,
    }


def _notice_label(notice: Notice) -> str:
    if notice.kind == SCRIPT:
        start = notice.text[:50].strip()
        return _("Telephone script %(version)d: “%(start)s…”") % {
            "version": notice.version,
            "start": start,
        }
    return _("Declared: %(source)s") % {"source": notice.declared_for}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words that were chosen, and the version of the topic that they speak of."""

    notice: Notice
    shown: CollectionPoint | None
    version: PurposeVersion | None

    @property
    def script(self) -> str:
        """The version of a script; empty for other words."""
        if self.notice.kind == SCRIPT:
            return str(self.notice.version)
        return ""


def too_new(words: Chosen, *, on: datetime) -> str:
    """Why nobody can have said yes to these words that day; empty: they stood there (INV-7)."""
    if words.shown is None or localdate(on) >= localdate(words.shown.published_at):
        return ""
    return _(
        "This form did not exist yet that day. Choose the words that stood there, or type them."
    )


def chosen_words(key: str, *, purpose_id: UUID, channel: Channel) -> Chosen | None:
    """What `words_to_choose` offered under this key; None: there is no such thing.

    `version` is None when the form did not speak of this topic; a form with another channel's box
    for it is refused later by the law's rule (INV-12).
    """
    kind, _colon, ident = key.partition(":")
    try:
        wanted = UUID(ident)
    except ValueError:
        return None
    if kind == FORM:
        point = CollectionPoint.objects.select_related("notice").filter(id=wanted).first()
        if point is None:
            return None
        found = PurposeVersion.objects.filter(
            id__in=point.purpose_version_ids, purpose_id=purpose_id
        ).select_related("purpose")
        return Chosen(point.notice, point, _of_channel(point, found, channel))
    notice = Notice.objects.filter(id=wanted, kind__in=(SCRIPT, "declared")).first()
    return Chosen(notice, None, _current(purpose_id)) if notice else None


def _of_channel(
    point: CollectionPoint, versions: Iterable[PurposeVersion], channel: Channel
) -> PurposeVersion | None:
    """The version whose box is of this channel, else any of the topic's."""
    found = {str(each.id): each for each in versions}
    boxes = [each for each in point.snapshot.get("topics", []) if each.get("version") in found]
    for box in boxes:
        if box.get("channel", Channel.EMAIL) == channel:
            return found[box["version"]]
    return next(iter(found.values()), None)


def _current(purpose_id: UUID) -> PurposeVersion | None:
    return (
        PurposeVersion.objects.filter(purpose_id=purpose_id, valid_to=None)
        .select_related("purpose")
        .first()
    )
