"""The clock of a leak, on every staff page until the AP was told or need not know (art. 33(1)).

Hours, weekends included. A decision to tell the AP does not stop it; the first notice does.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.breaches.models import Breach, BreachNotice
from akkoord.law.breach_rules import TELLS_AUTHORITY, hours_left
from akkoord.web.strips import Strip, running_work

MOST = 5


@running_work("breaches")
def clocks() -> list[Strip]:
    """One line per leak whose clock runs, the most urgent first."""
    return [_strip(each) for each in running()[:MOST]]


def running() -> QuerySet[Breach]:
    """Leaks that nobody has decided, or of which the AP must still be told; the most urgent first.

    A drill tells nobody: its clock stops at the decision.
    """
    told = BreachNotice.objects.filter(breach_id=OuterRef("id"), kind=BreachNotice.Kind.FIRST)
    to_tell = Q(
        is_drill=False,
        state=Breach.State.DECIDED,
        decision__in=[each.value for each in TELLS_AUTHORITY],
    )
    return Breach.objects.filter(Q(state=Breach.State.OPEN) | to_tell & ~Exists(told)).order_by(
        "due_at", "id"
    )


def _strip(breach: Breach) -> Strip:
    now = timezone.now()
    whole = int((breach.due_at - breach.aware_at).total_seconds())
    gone = int((now - breach.aware_at).total_seconds())
    label = _("Drill %(reference)s") if breach.is_drill else _("Data leak %(reference)s")
    return Strip(
        label=label % {"reference": breach.reference},
        done=min(whole, max(0, gone)),
        total=whole,
        url=reverse("breaches:breach", args=[breach.id]),
        detail=left_words(hours_left(breach.due_at, now)),
        state="needs-you",
    )


def left_words(hours: int) -> str:
    """How much time is left until the AP must know, or how long it is over."""
    if hours < 0:
        return ngettext("%(n)s hour too late", "%(n)s hours too late", -hours) % {"n": -hours}
    if hours == 0:
        return _("less than an hour left")
    return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
