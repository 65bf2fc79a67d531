"""What the system sees of being right and of throwing away (art. 5(1)(d) and (e))."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.checkup.gathered import Gathered
from akkoord.checkup.points import Finding, Point, good
from akkoord.consent.details import setting as details_setting
from akkoord.law.duties import Duty, State
from akkoord.people.queries import people_count
from akkoord.people.reviewing import review_count
from akkoord.register.term_queries import without_term
from akkoord.retention.models import RetentionRun
from akkoord.retention.store_terms import stores_without_term

_CLEAN_UP_LATE = timedelta(days=2)


def _review(now: Gathered) -> Finding:
    count = review_count(at=now.at)
    if count:
        said = ngettext(
            "{n} record may not be right.", "{n} records may not be right.", count
        ).format(n=count)
        return Finding(State.ATTENTION, said, reverse("people:review"), _("Look at them"))
    return good(_("Nothing came up that may not be right."))


def _details(_now: Gathered) -> Finding:
    chosen = details_setting()
    if chosen is not None and chosen.is_on:
        return good(_("People are asked once a year whether their details are right."))
    said = _("Nobody asks people whether their details are still right.")
    return Finding(State.ATTENTION, said, reverse("consent:details"), _("Ask once a year"))


def _terms(_now: Gathered) -> Finding:
    bare = len(without_term()) + len(stores_without_term())
    if bare:
        said = ngettext(
            "Of {n} kind of data nothing says how long you keep it.",
            "Of {n} kinds of data nothing says how long you keep them.",
            bare,
        ).format(n=bare)
        return Finding(State.WRONG, said, reverse("retention:index"), _("Make a rule"))
    return good(_("Everything that you keep has an end."))


def _clean_up(now: Gathered) -> Finding:
    last = RetentionRun.objects.order_by("-started_at").first()
    url, action = reverse("retention:index"), _("Look at the clean-up")
    if last is None:
        state = State.NONE if not people_count() else State.ATTENTION
        return Finding(state, _("There was no clean-up yet."), url, action)
    if now.at - last.started_at > _CLEAN_UP_LATE:
        said = _("The last clean-up was on {day}.").format(
            day=date_format(timezone.localtime(last.started_at), "j b Y")
        )
        return Finding(State.WRONG, said, url, action)
    return good(_("What is past its term goes every night."))


POINTS: Final[Sequence[Point]] = (
    Point(
        "review",
        Duty.ACCURACY,
        2,
        gettext_lazy("What may be wrong was looked at"),
        gettext_lazy("Data must be right, and wrong data must be mended."),
        "AVG 5(1)(d)",
        _review,
    ),
    Point(
        "details",
        Duty.ACCURACY,
        1,
        gettext_lazy("People are asked whether it is right"),
        gettext_lazy("Addresses and names change; only people themselves know."),
        "AVG 5(1)(d)",
        _details,
    ),
    Point(
        "terms",
        Duty.STORAGE,
        3,
        gettext_lazy("Everything has an end"),
        gettext_lazy("You may not keep data longer than you need it."),
        "AVG 5(1)(e)",
        _terms,
    ),
    Point(
        "clean-up",
        Duty.STORAGE,
        2,
        gettext_lazy("What is past its term goes"),
        gettext_lazy("A term on paper does nothing; somebody must throw away."),
        "AVG 5(1)(e)",
        _clean_up,
    ),
)
