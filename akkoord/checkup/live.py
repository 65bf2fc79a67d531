"""What the system can see by itself; each look is a few statements, whatever the size."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.accounts.queries import members
from akkoord.breaches.queries import breaches, open_leaks
from akkoord.checkup.points import Finding, Point
from akkoord.consent.details import setting as details_setting
from akkoord.consent.models import CollectionPoint, Form
from akkoord.law.deadlines import Urgency
from akkoord.law.duties import Duty, State
from akkoord.law.terms import law_day
from akkoord.messages.contracts import without_contract
from akkoord.people.queries import people_count, to_judge_count
from akkoord.people.reviewing import tabs
from akkoord.policy.queries import draft
from akkoord.register.models import ActivityField, ProcessingActivity, Recipient
from akkoord.register.queries import organisation, own_fields_and_uses
from akkoord.register.term_queries import without_term
from akkoord.retention.models import RetentionRun
from akkoord.retention.store_terms import stores_without_term
from akkoord.rights.queries import open_requests, unfinished_runs
from akkoord.rights.recipient_queries import open_notice_count
from akkoord.trail.backup_queries import backup_page
from akkoord.trail.queries import blocks_page, ledger_figures

_CLEAN_UP_LATE = timedelta(days=2)
_TRY_RESTORE = timedelta(days=365)
_SEALED_LATE = timedelta(days=1)
_PRACTISE = timedelta(days=365)


def _good(evidence: str) -> Finding:
    return Finding(State.GOOD, evidence)


def _policy(_at: datetime) -> Finding:
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
    since = date_format(timezone.localtime(found.current.published_at), "j b Y")
    return _good(
        _("Version {n} of {day} says what the register says.").format(
            n=found.current.number, day=since
        )
    )


def _to_judge(_at: datetime) -> Finding:
    count = to_judge_count()
    if not count:
        return _good(_("Of everybody it is known why you may keep them."))
    said = ngettext(
        "Of {n} person nothing shows why you may keep them.",
        "Of {n} people nothing shows why you may keep them.",
        count,
    ).format(n=count)
    url = reverse("people:index") + "?te-beoordelen=1"
    return Finding(State.ATTENTION, said, url, _("Look at them"))


def _forms(_at: datetime) -> Finding:
    open_forms = Form.objects.filter(closed_at=None)
    shown = CollectionPoint.objects.values_list("form_id", flat=True)
    waiting = open_forms.exclude(id__in=shown).count()
    total = open_forms.count()
    url = reverse("consent:forms")
    if not total:
        return Finding(
            State.ATTENTION, _("Nobody can say yes: there is no form."), url, _("Make a form")
        )
    if waiting:
        said = ngettext("{n} form is not published.", "{n} forms are not published.", waiting)
        return Finding(State.ATTENTION, said.format(n=waiting), url, _("Look at your forms"))
    return _good(
        ngettext(
            "{n} form asks apart, with boxes that nobody ticked before.",
            "{n} forms ask apart, with boxes that nobody ticked before.",
            total,
        ).format(n=total)
    )


def _purposes(_at: datetime) -> Finding:
    empty = ProcessingActivity.objects.filter(valid_to=None).filter(purpose_nl="").count()
    total = ProcessingActivity.objects.filter(valid_to=None).count()
    if empty or not total:
        said = _("Not every use of data says what it is for.")
        return Finding(State.WRONG, said, reverse("register:index"), _("Go to the register"))
    return _good(
        ngettext(
            "{n} use of data, and it says what it is for.",
            "{n} uses of data, and each says what it is for.",
            total,
        ).format(n=total)
    )


def _unused_fields(_at: datetime) -> Finding:
    idle = [each.field.name for each in own_fields_and_uses() if not each.used_by]
    if idle:
        said = _("Nothing uses: {names}.").format(names=", ".join(idle[:5]))
        return Finding(State.ATTENTION, said, reverse("register:fields"), _("Look at your fields"))
    return _good(_("Every field of your own is used for something."))


def _why_needed(_at: datetime) -> Finding:
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
    return _good(_("Of every field it stands why you need it."))


def _review(at: datetime) -> Finding:
    count = sum(each.count for each in tabs(at=at))
    if count:
        said = ngettext(
            "{n} record may not be right.", "{n} records may not be right.", count
        ).format(n=count)
        return Finding(State.ATTENTION, said, reverse("people:review"), _("Look at them"))
    return _good(_("Nothing came up that may not be right."))


def _details(_at: datetime) -> Finding:
    chosen = details_setting()
    if chosen is not None and chosen.is_on:
        return _good(_("People are asked once a year whether their details are right."))
    said = _("Nobody asks people whether their details are still right.")
    return Finding(State.ATTENTION, said, reverse("consent:details"), _("Ask once a year"))


def _terms(_at: datetime) -> Finding:
    bare = len(without_term()) + len(stores_without_term())
    if bare:
        said = ngettext(
            "Of {n} kind of data nothing says how long you keep it.",
            "Of {n} kinds of data nothing says how long you keep them.",
            bare,
        ).format(n=bare)
        return Finding(State.WRONG, said, reverse("retention:index"), _("Make a rule"))
    return _good(_("Everything that you keep has an end."))


def _clean_up(at: datetime) -> Finding:
    last = RetentionRun.objects.order_by("-started_at").first()
    url, action = reverse("retention:index"), _("Look at the clean-up")
    if last is None:
        state = State.NONE if not people_count() else State.ATTENTION
        return Finding(state, _("There was no clean-up yet."), url, action)
    if at - last.started_at > _CLEAN_UP_LATE:
        said = _("The last clean-up was on {day}.").format(
            day=date_format(timezone.localtime(last.started_at), "j b Y")
        )
        return Finding(State.WRONG, said, url, action)
    return _good(_("What is past its term goes every night."))


def _second_step(_at: datetime) -> Finding:
    staff = list(members().filter(is_active=True).values_list("id", flat=True))
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    safe = set(
        Authenticator.objects.filter(user_id__in=staff, type__in=kinds).values_list(
            "user_id", flat=True
        )
    )
    bare = len(set(staff) - safe)
    if not bare:
        return _good(_("Everybody logs in with a password and a second step."))
    said = ngettext(
        "{n} member of staff logs in with a password alone.",
        "{n} members of staff log in with a password alone.",
        bare,
    ).format(n=bare)
    return Finding(State.WRONG, said, reverse("accounts:staff"), _("See who"))


def _backup(at: datetime) -> Finding:
    page = backup_page(at=at)
    url, action = reverse("backups:index"), _("Go to the backups")
    if page.state.last_at is None:
        return Finding(State.WRONG, _("There was never a backup."), url, action)
    if page.state.is_late:
        return Finding(State.WRONG, _("The last backup is too old."), url, action)
    if not page.state.copy.is_good:
        said = _("The journal of who was forgotten stands in one place only.")
        return Finding(State.ATTENTION, said, url, action)
    return _good(_("There is a fresh backup, and the journal stands in two places."))


def _restore(at: datetime) -> Finding:
    page = backup_page(at=at)
    url, action = reverse("backups:index"), _("Try it")
    if page.tried is None:
        return Finding(State.ATTENTION, _("Nobody ever tried to put a backup back."), url, action)
    if not page.tried.went_well:
        return Finding(State.WRONG, _("The last try failed."), url, action)
    if at - page.tried.at > _TRY_RESTORE:
        return Finding(State.ATTENTION, _("The last try is over a year ago."), url, action)
    return _good(_("A backup was put back, and it worked."))


def _https(_at: datetime) -> Finding:
    if settings.BASE_URL.startswith("https://"):
        return _good(_("Everything goes over https."))
    said = _("The address of Akkoord is not https: others on the way can read along.")
    return Finding(State.ATTENTION, said, reverse("register:settings"), _("Look at the settings"))


def _leaks(at: datetime) -> Finding:
    found = list(open_leaks())
    url, action = reverse("breaches:index"), _("Data leaks")
    late = sum(each.due_at < at for each in found)
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
    return _good(_("Of every leak it was decided, with a reason."))


def _drill(at: datetime) -> Finding:
    last = breaches(is_drill=True).first()
    url, action = reverse("breaches:index"), _("Practise")
    if last is None:
        said = _("Nobody ever practised what to do when data leaks.")
        return Finding(State.ATTENTION, said, url, action)
    if at - last.aware_at > _PRACTISE:
        return Finding(State.ATTENTION, _("The last drill is over a year ago."), url, action)
    return _good(_("In the past year somebody practised what to do."))


def _requests(at: datetime) -> Finding:
    found = open_requests(law_day(at))
    late = sum(each.urgency == Urgency.OVERDUE for each in found)
    url, action = reverse("rights:index"), _("Answer them")
    if late:
        said = ngettext("{n} request is too late.", "{n} requests are too late.", late)
        return Finding(State.WRONG, said.format(n=late), url, action)
    if unfinished_runs():
        return Finding(State.WRONG, _("Somebody is not forgotten whole."), url, action)
    return _good(_("No request is past its day."))


def _contracts(_at: datetime) -> Finding:
    servers = len(without_contract())
    bare = Recipient.objects.filter(valid_to=None, role="processor", contract_on=None)
    house = organisation()
    others = bare.exclude(name=house.name if house else "").count()
    if servers or others:
        said = ngettext(
            "Of {n} company that works with your data there is no contract.",
            "Of {n} companies that work with your data there is no contract.",
            servers + others,
        ).format(n=servers + others)
        return Finding(State.WRONG, said, reverse("register:index"), _("Go to the register"))
    return _good(_("Of every company that works with your data there is a contract."))


def _others_hear(_at: datetime) -> Finding:
    waiting = open_notice_count()
    if waiting:
        said = ngettext(
            "{n} company has not answered that data must go or change.",
            "{n} companies have not answered that data must go or change.",
            waiting,
        ).format(n=waiting)
        return Finding(State.ATTENTION, said, reverse("rights:recipients"), _("See who"))
    return _good(_("Whoever got data heard of every change."))


def _ledger(at: datetime) -> Finding:
    url, action = reverse("trail:index"), _("Look at the proof")
    if not all(each.is_whole for each in blocks_page().rows):
        return Finding(State.WRONG, _("The chain of proof is not whole."), url, action)
    figures = ledger_figures()
    if figures.waiting and (figures.last_sealed_at or at) < at - _SEALED_LATE:
        return Finding(State.WRONG, _("Choices were not sealed for a day."), url, action)
    return _good(_("The chain of proof is whole."))


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
    Point(
        "second-step",
        Duty.SECURITY,
        3,
        gettext_lazy("Everybody has a second step at log-in"),
        gettext_lazy("Most leaks begin with one stolen password."),
        "AVG 32",
        _second_step,
    ),
    Point(
        "backup",
        Duty.SECURITY,
        3,
        gettext_lazy("There is a fresh backup"),
        gettext_lazy("You must be able to put data back after an accident."),
        "AVG 32(1)(c)",
        _backup,
    ),
    Point(
        "restore",
        Duty.SECURITY,
        2,
        gettext_lazy("A backup was tried"),
        gettext_lazy("A backup that was never put back is a hope."),
        "AVG 32(1)(d)",
        _restore,
    ),
    Point(
        "https",
        Duty.SECURITY,
        2,
        gettext_lazy("Nobody reads along"),
        gettext_lazy("What goes over the internet in the open can be read by others."),
        "AVG 32(1)(a)",
        _https,
    ),
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
        "drill",
        Duty.SECURITY,
        1,
        gettext_lazy("What to do at a leak was practised"),
        gettext_lazy("Who did it once in calm does it well in haste."),
        "AVG 32(1)(d)",
        _drill,
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
        "ledger",
        Duty.ACCOUNTABILITY,
        2,
        gettext_lazy("The proof is whole"),
        gettext_lazy("You must be able to show who said yes to what."),
        "AVG 7(1)",
        _ledger,
    ),
)
