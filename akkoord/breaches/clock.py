"""The clock of a leak, on every staff page while nobody has decided: hours, weekends included."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.breaches.models import Breach
from akkoord.law.breach_rules import hours_left
from akkoord.web.strips import Strip, running_work

MOST = 5


@running_work("breaches")
def clocks() -> list[Strip]:
    """One line per leak that nobody has decided; the index of leaks whose clock runs."""
    return [_strip(each) for each in undecided()[:MOST]]


def undecided() -> list[Breach]:
    """Leaks whose clock runs, the most urgent first."""
    return list(Breach.objects.filter(state=Breach.State.OPEN).order_by("due_at")[:50])


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
