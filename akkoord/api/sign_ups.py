"""A sign-up that another system passes on: it starts the confirmation, and nothing more."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.api.problems import Wrong
from akkoord.api.schemas import SignUpIn
from akkoord.consent.actions import ConsentRefused, SignUpFacts, request_sign_up
from akkoord.consent.models import CollectionPoint, Form
from akkoord.consent.queries import published
from akkoord.consent.sentences import sentence_of
from akkoord.law.reasons import Reason
from akkoord.register.models import PurposeVersion

_FIELDS = {"email": "address", "sixteen": "sixteen_or_older", "terms": "terms_accepted"}
_STATUS = {Reason.TOO_MANY_ATTEMPTS: 429}


def sign_up(payload: SignUpIn, *, by_key: UUID, at: datetime) -> None:
    """Pass the request on, against the form's published version (INV-5, 7, 13).

    Raises Wrong: no such form, a topic that is not on it, or what the form itself would refuse.
    """
    shown = _shown(payload)
    try:
        request_sign_up(
            collection_point=shown,
            facts=SignUpFacts(
                email=payload.address,
                version_ids=_ticked(shown, payload.topics),
                given_name=payload.first_name,
                family_name=payload.last_name,
                said_sixteen=payload.sixteen_or_older,
                terms_accepted=payload.terms_accepted,
                ip=payload.visitor_ip,
                by_key=by_key,
            ),
            at=at,
        )
    except ConsentRefused as refused:
        raise Wrong(
            _STATUS.get(refused.reason, 422),
            refused.reason.value,
            sentence_of(refused.reason),
            field=_FIELDS.get(refused.field, refused.field),
        ) from None


def _shown(payload: SignUpIn) -> CollectionPoint:
    form = Form.objects.exclude(kind=Form.PUSH).filter(slug=payload.form, closed_at=None).first()
    shown = published(form, payload.language) if form else None
    if shown is None:
        raise Wrong(
            422, "unknown-form", _("There is no published form with this name."), field="form"
        )
    return shown


def _ticked(shown: CollectionPoint, slugs: list[str]) -> tuple[UUID, ...]:
    """The boxes of this form that these topics are."""
    found = dict(
        PurposeVersion.objects.filter(id__in=shown.purpose_version_ids).values_list(
            "purpose__slug", "id"
        )
    )
    if not set(slugs) <= set(found):
        raise Wrong(
            422, "unknown-topic", _("One of these topics is not on this form."), field="topics"
        )
    return tuple(found[slug] for slug in dict.fromkeys(slugs))
