"""What the system sees of being able to show it (art. 5(2))."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.breaches.queries import open_leaks
from akkoord.checkup.dpia_queries import activities
from akkoord.checkup.gathered import Gathered
from akkoord.checkup.points import Finding, Point, good
from akkoord.law.deadlines import Urgency
from akkoord.law.dpia_rules import Standing
from akkoord.law.duties import Duty, State
from akkoord.law.register_rules import STOPS
from akkoord.law.terms import law_day
from akkoord.messages.contracts import processor_key, without_contract
from akkoord.register.models import Recipient
from akkoord.register.receiving import faults_of, house_name
from akkoord.rights.queries import open_requests, unfinished_runs
from akkoord.rights.recipient_queries import open_notice_count
from akkoord.trail.queries import blocks_page, ledger_figures

_SEALED_LATE = timedelta(days=1)


def _leaks(now: Gathered) -> Finding:
    found = list(open_leaks())
    url, action = reverse("breaches:index"), _("Data leaks")
    late = sum(each.due_at < now.at for each in found)
    if late:
        said = ngettext(
            "{n} leak is past its 72 hours: nobody decided, or the AP was not told.",
            "{n} leaks are past their 72 hours: nobody decided, or the AP was not told.",
            late,
        )
        return Finding(State.WRONG, said.format(n=late), url, action)
    if found:
        said = ngettext(
            "{n} leak waits for a decision, or for its notice to the AP.",
            "{n} leaks wait for a decision, or for their notice to the AP.",
            len(found),
        )
        return Finding(State.ATTENTION, said.format(n=len(found)), url, action)
    return good(_("Of every leak it was decided, with a reason."))


def _requests(now: Gathered) -> Finding:
    found = open_requests(law_day(now.at))
    late = sum(each.urgency == Urgency.OVERDUE for each in found)
    url, action = reverse("rights:index"), _("Answer them")
    if late:
        said = ngettext("{n} request is too late.", "{n} requests are too late.", late)
        return Finding(State.WRONG, said.format(n=late), url, action)
    if unfinished_runs():
        return Finding(State.WRONG, _("Somebody is not forgotten whole."), url, action)
    return good(_("No request is past its day."))


def _contracts(now: Gathered) -> Finding:
    """A contract and a ground for every company (art. 28, 44; INV-42), and what is to be mended."""
    found = list(Recipient.objects.filter(valid_to=None))
    house, today = house_name(), law_day(now.at)
    faults = {each.key: set(faults_of(each, today, house)) for each in found}
    stopped = {key for key, those in faults.items() if those & STOPS}
    servers = {processor_key(each.relay) for each in without_contract()}
    url, action = reverse("register:companies"), _("Look at the companies")
    if bad := len(stopped | servers):
        said = ngettext(
            "{n} company may receive nothing: its contract or its ground is lacking.",
            "{n} companies may receive nothing: their contract or their ground is lacking.",
            bad,
        )
        return Finding(State.WRONG, said.format(n=bad), url, action)
    if warned := sum(bool(those) for those in faults.values()):
        said = ngettext(
            "Of {n} company something is to be looked at again.",
            "Of {n} companies something is to be looked at again.",
            warned,
        )
        return Finding(State.ATTENTION, said.format(n=warned), url, action)
    return good(_("Of every company that works with your data there is a contract."))


def _others_hear(_now: Gathered) -> Finding:
    waiting = open_notice_count()
    if waiting:
        said = ngettext(
            "{n} company has not answered that data must go or change.",
            "{n} companies have not answered that data must go or change.",
            waiting,
        ).format(n=waiting)
        return Finding(State.ATTENTION, said, reverse("rights:recipients"), _("See who"))
    return good(_("Whoever got data heard of every change."))


def _dpia(now: Gathered) -> Finding:
    found = Counter(each.standing for each in activities(law_day(now.at)))
    url, action = reverse("checkup:dpia"), _("See what needs a DPIA")
    bare = found[Standing.TO_MAKE] + found[Standing.STOPPED] + found[Standing.ASK]
    if bare:
        said = ngettext(
            "{n} activity needs a DPIA first, or may not go ahead.",
            "{n} activities need a DPIA first, or may not go ahead.",
            bare,
        )
        return Finding(State.WRONG, said.format(n=bare), url, action)
    if waiting := found[Standing.UNSEEN]:
        said = ngettext(
            "Of {n} activity nobody said whether it needs a DPIA.",
            "Of {n} activities nobody said whether they need a DPIA.",
            waiting,
        )
        return Finding(State.ATTENTION, said.format(n=waiting), url, action)
    if old := found[Standing.OLD]:
        said = ngettext(
            "Of {n} activity you must look again whether the DPIA still holds, or is needed now.",
            "Of {n} activities you must look again whether the DPIA still holds, or is needed now.",
            old,
        )
        return Finding(State.ATTENTION, said.format(n=old), url, action)
    return good(
        _("Of every activity it is said whether it needs a DPIA, and each that is needed is there.")
    )


def _ledger(now: Gathered) -> Finding:
    url, action = reverse("trail:index"), _("Look at the proof")
    if not all(each.is_whole for each in blocks_page().rows):
        return Finding(State.WRONG, _("The chain of proof is not whole."), url, action)
    figures = ledger_figures()
    if figures.waiting and (figures.last_sealed_at or now.at) < now.at - _SEALED_LATE:
        return Finding(State.WRONG, _("Choices were not sealed for a day."), url, action)
    return good(_("The chain of proof is whole."))


POINTS: Final[Sequence[Point]] = (
    Point(
        "leaks",
        Duty.ACCOUNTABILITY,
        3,
        gettext_lazy("Of every leak it is decided what to do"),
        gettext_lazy("There are 72 hours, and also not telling needs a reason."),
        "AVG 33",
        _leaks,
    ),
    Point(
        "requests",
        Duty.ACCOUNTABILITY,
        3,
        gettext_lazy("Requests are answered in time"),
        gettext_lazy("Who asks something about their data gets an answer within a month."),
        "AVG 12(3)",
        _requests,
    ),
    Point(
        "contracts",
        Duty.ACCOUNTABILITY,
        3,
        gettext_lazy("Companies that help have a contract"),
        gettext_lazy("Who works with data for you must have promised how."),
        "AVG 28(3)",
        _contracts,
    ),
    Point(
        "others-hear",
        Duty.ACCOUNTABILITY,
        1,
        gettext_lazy("Others hear of changes"),
        gettext_lazy("Whoever got data from you must hear that it was erased or corrected."),
        "AVG 19",
        _others_hear,
    ),
    Point(
        "dpia",
        Duty.ACCOUNTABILITY,
        2,
        gettext_lazy("What may harm people was thought through"),
        gettext_lazy("What can harm many people much must be thought through beforehand."),
        "AVG 35",
        _dpia,
    ),
    Point(
        "ledger",
        Duty.ACCOUNTABILITY,
        2,
        gettext_lazy("The proof is whole"),
        gettext_lazy("You must be able to show who said yes to what."),
        "AVG 7(1)",
        _ledger,
    ),
)
