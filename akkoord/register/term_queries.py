"""Reads of the register's terms: what has a rule, and what would be kept without an end."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from akkoord.law.retention_rules import preset_term
from akkoord.law.terms import add_months
from akkoord.register.models import ActivityField, ProcessingActivity, RetentionRule


def without_term(keys: Collection[str] | None = None) -> list[str]:
    """Activities of which something is kept without a rule that ends it (art. 13(2)(a), 30(1)(f)).

    Covered is an activity with a rule of its own, or of which each field has one of its category.
    """
    ruled = RetentionRule.objects.filter(valid_to=None)
    fields = ActivityField.objects.filter(activity_key=OuterRef("key"), ended_at=None)
    of_category = ruled.filter(
        activity_key=OuterRef("activity_key"), category=OuterRef("field__category")
    )
    found = ProcessingActivity.objects.filter(valid_to=None).exclude(
        Exists(ruled.filter(activity_key=OuterRef("key"), category=""))
    )
    found = found.exclude(Exists(fields) & ~Exists(fields.exclude(Exists(of_category))))
    if keys is not None:
        found = found.filter(key__in=keys)
    return sorted(found.values_list("key", flat=True))


def rules_now(keys: Collection[str] | None = None) -> list[RetentionRule]:
    """The rules in force, of all activities or of these; one query."""
    found = RetentionRule.objects.filter(valid_to=None).order_by("activity_key", "category")
    return list(found if keys is None else found.filter(activity_key__in=keys))


def rule_versions(activity_key: str) -> list[RetentionRule]:
    """Every version of an activity's rules, the newest first."""
    return list(
        RetentionRule.objects.filter(activity_key=activity_key).order_by("-valid_from", "category")
    )


def past_before(activity_key: str, today: date) -> date:
    """What began before this day is past the term of an activity's rule; without a rule: of the
    one that is proposed. For a rule without an end nothing is."""
    rule = next((each for each in rules_now([activity_key]) if not each.category), None)
    term = rule.term if rule is not None else preset_term(activity_key, today)
    if term.is_endless:
        return date.min
    return add_months(today, -(term.months or 0)) - timedelta(days=term.days or 0)


def activity_names() -> dict[str, str]:
    """The activities in force by key, with their names in the reader's language."""
    return {each.key: each.name for each in ProcessingActivity.objects.filter(valid_to=None)}
