"""Which forms ask a field, and when such a form was last shown or filled in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.urls import reverse

from akkoord.consent.models import CollectionPoint, Form, FormCount, SignUp
from akkoord.law.terms import law_day
from akkoord.law.use_rules import FieldUse, UseKind

LATELY = timedelta(days=200)  # a little over what is asked about; by an index


def form_uses(*, at: datetime) -> Iterator[tuple[str, FieldUse]]:
    """Each field of each form, as it is now and as it is published; four statements.

    By the counts of views and posts, which are of nobody; of a tablet by its last sign-up.
    """
    last = dict(
        FormCount.objects.values("form_id").annotate(day=Max("day")).values_list("form_id", "day")
    )
    filled = SignUp.objects.filter(requested_at__gt=at - LATELY)
    filled = filled.exclude(collection_point__form=None).order_by()
    by_form = filled.values_list("collection_point__form_id").annotate(Max("requested_at"))
    for form_id, moment in by_form:
        day = law_day(moment)
        last[form_id] = max(last.get(form_id, day), day)
    asked: dict[UUID | None, set[str]] = defaultdict(set)
    points = CollectionPoint.objects.filter(form__isnull=False, ended_at=None)
    for form_id, fields in points.values_list("form_id", "snapshot__fields"):
        asked[form_id] |= {each["key"] for each in fields or ()}
    for form in Form.objects.order_by("name"):
        use = FieldUse(
            UseKind.FORM,
            form.name,
            last.get(form.id),
            is_live=form.closed_at is None,
            url=reverse("consent:form", args=[form.id]),
        )
        for key in sorted({*form.field_keys} | asked[form.id]):
            yield key, use
