"""What the system sees of fairness, goals and needing no more (art. 5(1)(a) to (c))."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.checkup.gathered import Gathered
from akkoord.checkup.points import Finding, Point, good
from akkoord.consent.models import CollectionPoint, Form, Notice, Standing
from akkoord.law.duties import Duty, State
from akkoord.law.states import Basis, PermissionState
from akkoord.people.queries import to_judge_count
from akkoord.policy.models import Telling
from akkoord.policy.queries import draft
from akkoord.register.models import ActivityField, ProcessingActivity
from akkoord.register.queries import live_topics
from akkoord.retention.catalogue import idle_names


def _policy(_now: Gathered) -> Finding:
    found = draft()
    url, action = reverse("policy:index"), _("Go to the policy")
    if found.gaps:
        said = ngettext("{n} thing is missing.", "{n} things are missing.", len(found.gaps))
        return Finding(State.WRONG, said.format(n=len(found.gaps)), url, action)
    if found.current is None:
        return Finding(State.WRONG, _("It was never published."), url, action)
    if not found.is_published:
        said = _("Your register says something else than what people read.")
        return Finding(State.ATTENTION, said, url, action)
    if found.current.matters and not Telling.objects.filter(version=found.current).exists():
        said = _("People were not yet told of the newest version, and it matters to them.")
        there = reverse("policy:version", args=[found.current.id])
        return Finding(State.ATTENTION, said, there, _("Tell them"))
    since = date_format(timezone.localtime(found.current.published_at), "j b Y")
    return good(
        _("Version {n} of {day} says what the register says.").format(
            n=found.current.number, day=since
        )
    )


def _to_judge(_now: Gathered) -> Finding:
    count = to_judge_count()
    if not count:
        return good(_("Of everybody it is known why you may keep them."))
    said = ngettext(
        "Of {n} person nothing shows why you may keep them.",
        "Of {n} people nothing shows why you may keep them.",
        count,
    ).format(n=count)
    url = reverse("people:index") + "?te-beoordelen=1"
    return Finding(State.ATTENTION, said, url, _("Look at them"))


def _forms(_now: Gathered) -> Finding:
    open_forms = Form.objects.filter(closed_at=None)
    shown = CollectionPoint.objects.exclude(form=None).values("form_id")
    numbers = open_forms.aggregate(total=Count("pk"), waiting=Count("pk", filter=~Q(id__in=shown)))
    waiting, total = numbers["waiting"], numbers["total"]
    url = reverse("consent:forms")
    if not total and not live_topics():
        return Finding(State.NONE, _("You write to nobody: there is no topic, and no form."))
    if not total:
        return Finding(
            State.ATTENTION, _("Nobody can say yes: there is no form."), url, _("Make a form")
        )
    if waiting:
        said = ngettext("{n} form is not published.", "{n} forms are not published.", waiting)
        return Finding(State.ATTENTION, said.format(n=waiting), url, _("Look at your forms"))
    return good(
        ngettext(
            "{n} form asks apart, with boxes that nobody ticked before.",
            "{n} forms ask apart, with boxes that nobody ticked before.",
            total,
        ).format(n=total)
    )


def _declared(_now: Gathered) -> Finding:
    """Consents of which nobody but our own staff says which words stood there (INV-7).

    The words are few: only when some are declared are the consents themselves counted.
    """
    count = 0
    if Notice.objects.filter(is_declared=True).exists():
        alive = [PermissionState.GIVEN, PermissionState.CONFIRMED]
        count = Standing.objects.filter(
            is_declared=True, basis=Basis.CONSENT, state__in=alive
        ).count()
    if not count:
        return good(_("Of every yes the words that people saw are kept."))
    said = ngettext(
        "Of {n} yes only your staff say which words stood beside the box.",
        "Of {n} yeses only your staff say which words stood beside the box.",
        count,
    ).format(n=count)
    url = reverse("consent:wordings")
    return Finding(State.ATTENTION, said, url, _("Look at the words"))


def _purposes(_now: Gathered) -> Finding:
    numbers = ProcessingActivity.objects.filter(valid_to=None).aggregate(
        total=Count("pk"), empty=Count("pk", filter=Q(purpose_nl=""))
    )
    empty, total = numbers["empty"], numbers["total"]
    if empty or not total:
        said = _("Not every use of data says what it is for.")
        return Finding(State.WRONG, said, reverse("register:index"), _("Go to the register"))
    return good(
        ngettext(
            "{n} use of data, and it says what it is for.",
            "{n} uses of data, and each says what it is for.",
            total,
        ).format(n=total)
    )


def _why_needed(_now: Gathered) -> Finding:
    bare = ActivityField.objects.filter(ended_at=None, why_nl="").count()
    if bare:
        said = ngettext(
            "Of {n} field nothing says why you need it.",
            "Of {n} fields nothing says why you need them.",
            bare,
        )
        return Finding(
            State.WRONG, said.format(n=bare), reverse("register:index"), _("Go to the register")
        )
    return good(_("Of every field it stands why you need it."))


def _unused_fields(now: Gathered) -> Finding:
    idle = idle_names(at=now.at)
    if idle:
        said = _("Nothing uses: {names}.").format(names=", ".join(idle[:5]))
        url = reverse("retention:catalogue") + "?soort=kan-weg"
        return Finding(State.ATTENTION, said, url, _("Look at your fields"))
    return good(_("Every field was used for something lately."))


POINTS: Final[Sequence[Point]] = (
    Point(
        "policy",
        Duty.FAIRNESS,
        3,
        gettext_lazy("The privacy policy says what you do"),
        gettext_lazy("People have a right to know what happens with their data."),
        "AVG 12-14",
        _policy,
    ),
    Point(
        "basis",
        Duty.FAIRNESS,
        3,
        gettext_lazy("Of everybody there is a reason to keep them"),
        gettext_lazy("Without a reason that the law knows you may keep nobody's data."),
        "AVG 6",
        _to_judge,
    ),
    Point(
        "forms",
        Duty.FAIRNESS,
        2,
        gettext_lazy("Forms ask honestly"),
        gettext_lazy("A yes counts only when it was free, apart and clear."),
        "AVG 7",
        _forms,
    ),
    Point(
        "declared",
        Duty.FAIRNESS,
        1,
        gettext_lazy("Every yes can be shown with its words"),
        gettext_lazy(
            "You must be able to show what people said yes to. A new yes on your own form proves "
            "more than what somebody remembers."
        ),
        "AVG 7(1)",
        _declared,
    ),
    Point(
        "purposes",
        Duty.PURPOSE,
        3,
        gettext_lazy("Every use says what it is for"),
        gettext_lazy("Data may be used only for what it was given for."),
        "AVG 5(1)(b)",
        _purposes,
    ),
    Point(
        "why-needed",
        Duty.MINIMISATION,
        2,
        gettext_lazy("Every field is needed"),
        gettext_lazy("You may keep only what you need for your goal."),
        "AVG 5(1)(c)",
        _why_needed,
    ),
    Point(
        "unused",
        Duty.MINIMISATION,
        1,
        gettext_lazy("No field lies idle"),
        gettext_lazy("What nobody uses can go, and cannot leak."),
        "AVG 5(1)(c)",
        _unused_fields,
    ),
)
