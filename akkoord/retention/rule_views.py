"""Staff page: the rules of one activity, their history, and a new version."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.retention_rules import preset_of, preset_source, preset_term
from akkoord.law.terms import law_day
from akkoord.register.actions import RegisterRefused
from akkoord.register.models import ActivityField, ProcessingActivity, RetentionRule
from akkoord.register.queries import current_activity
from akkoord.register.term_queries import rule_versions
from akkoord.register.terms import change_rule, end_category_rule, length_words
from akkoord.retention.forms import RuleForm, as_typed
from akkoord.retention.plan import recount_soon
from akkoord.retention.shown import rule_lines, source_words
from akkoord.trail.actions import actor_of


def _activity(key: str) -> ProcessingActivity:
    found = current_activity(key)
    if found is None:
        raise Http404
    return found


def _categories(key: str) -> list[tuple[str, str]]:
    """The categories of the fields that an activity may use."""
    found = ActivityField.objects.filter(activity_key=key, ended_at=None)
    names = set(found.values_list("field__category", flat=True))
    return sorted(
        ((each, str(CATEGORIES[each].label)) for each in names if each in CATEGORIES),
        key=lambda each: each[1],
    )


def rule(request: HttpRequest, key: str) -> HttpResponse:
    """The rules in force, the form for a new version, and every version before."""
    activity = _activity(key)
    versions = rule_versions(key)
    current = next((each for each in versions if not each.valid_to and not each.category), None)
    preset = preset_of(key)
    form = RuleForm(preset, _categories(key), request.POST or None, initial=as_typed(current))
    if request.method == "POST" and form.is_valid():
        try:
            change_rule(facts=form.facts(key), at=timezone.now(), actor=actor_of(request))
        except RegisterRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            recount_soon(at=timezone.now())
            messages.success(request, _("Saved. From tonight Akkoord keeps to it."))
            return redirect("retention:rule", key=key)
    today = law_day(timezone.now())
    page = {
        "activity": activity,
        "form": form,
        "in_force": rule_lines([each for each in versions if not each.valid_to]),
        "ended": rule_lines([each for each in versions if each.valid_to]),
        "preset": preset,
        "proposed": length_words(preset_term(key, today)),
        "source": source_words(preset_source(key, today)),
    }
    return render(request, "retention/rule.html", page)


@require_POST
def rule_end(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """A category follows its activity again."""
    found = get_object_or_404(RetentionRule, id=rule_id, valid_to=None)
    try:
        end_category_rule(rule=found, at=timezone.now(), actor=actor_of(request))
    except RegisterRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        recount_soon(at=timezone.now())
        messages.success(request, _("Ended. The rule of the activity holds again."))
    return redirect("retention:rule", key=found.activity_key)
