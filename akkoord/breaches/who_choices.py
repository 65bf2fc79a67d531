"""What each way of finding affected people can name: newest first, no more than fit in a list."""

from collections.abc import Callable, Mapping

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akkoord.accounts.models import ApiKey
from akkoord.accounts.queries import members
from akkoord.breaches.models import BreachScope
from akkoord.consent.models import Form
from akkoord.imports.models import Import
from akkoord.messages.models import Dispatch
from akkoord.messages.template import without_values
from akkoord.people.models import Company
from akkoord.register.models import Purpose, PurposeVersion
from akkoord.segments.models import Group
from akkoord.trail.action_words import action_word
from akkoord.trail.models import Change

Kind = BreachScope.Kind
MOST = 300
Choices = list[tuple[str, str]]


def choices_of(kind: str) -> Choices:
    """What this way can name; one or two statements."""
    found = _CHOICES.get(kind)
    return found() if found else []


def _day(moment: object) -> str:
    return date_format(localtime(moment), "j M Y") if moment else ""  # type: ignore[arg-type]


def _topics() -> Choices:
    names: dict[object, str] = {}
    for each in PurposeVersion.objects.filter(purpose__is_topic=True).order_by("number"):
        names[each.purpose_id] = each.name
    found = Purpose.objects.filter(is_topic=True).order_by("-id")[:MOST]
    return [(str(each.id), names.get(each.id, each.slug)) for each in found]


def _forms() -> Choices:
    return [(str(each.id), each.name) for each in Form.objects.order_by("-id")[:MOST]]


def _imports() -> Choices:
    found = Import.objects.filter(is_dry_run=False).order_by("-started_at")[:MOST]
    return [(str(each.id), f"{each.file_name} ({_day(each.started_at)})") for each in found]


def _groups() -> Choices:
    found = Group.objects.filter(ended_at=None).order_by("name")[:MOST]
    return [(str(each.id), each.name) for each in found]


def _companies() -> Choices:
    return [(str(each.id), each.name) for each in Company.objects.order_by("name", "id")[:MOST]]


def _letters() -> Choices:
    found = (
        Dispatch.objects.exclude(started_at=None)
        .order_by("-id")
        .only("id", "template", "started_at")[:MOST]
    )
    return [
        (
            str(each.id),
            f"{without_values(str(each.template.get('subject', '')))} ({_day(each.started_at)})",
        )
        for each in found
    ]


def _downloads() -> Choices:
    files = ("person.export", "letters.download", "letters.download-addresses")
    found = Change.objects.filter(action__in=files).order_by("-id").only("id", "action", "at")
    return [
        (
            str(each.id),
            f"{action_word(each.action)}, {date_format(localtime(each.at), 'j M Y H:i')}",
        )
        for each in found[:MOST]
    ]


def _accounts() -> Choices:
    off = _("switched off")
    return [
        (str(each.pk), each.name if each.is_active else f"{each.name} ({off})")
        for each in members()[:MOST]
    ]


def _keys() -> Choices:
    return [(str(each.id), each.name) for each in ApiKey.objects.order_by("-id")[:MOST]]


_CHOICES: Mapping[str, Callable[[], Choices]] = {
    Kind.TOPIC: _topics,
    Kind.FORM: _forms,
    Kind.IMPORT: _imports,
    Kind.GROUP: _groups,
    Kind.COMPANY: _companies,
    Kind.LETTER: _letters,
    Kind.DOWNLOAD: _downloads,
    Kind.ACCOUNT: _accounts,
    Kind.KEY: _keys,
}


def scope_words(scopes: list[BreachScope]) -> list[tuple[BreachScope, str, str]]:
    """Each way with what it names and its period, in words."""
    known = {kind: dict(choices_of(kind)) for kind in {each.kind for each in scopes}}
    return [
        (each, known[each.kind].get(str(each.value), "") if each.value else "", _period(each))
        for each in scopes
    ]


def _period(scope: BreachScope) -> str:
    told = {"since": _moment(scope.since), "until": _moment(scope.until)}
    if scope.since and scope.until:
        return _("from %(since)s until %(until)s") % told
    if scope.since:
        return _("since %(since)s") % told
    return _("until %(until)s") % told if scope.until else ""


def _moment(moment: object) -> str:
    return date_format(localtime(moment), "j M Y H:i") if moment else ""  # type: ignore[arg-type]
