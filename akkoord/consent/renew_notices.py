"""A term, a recipient, a reason or our name changed: published forms tell it with that (art. 13).

The rest of what was published stays as it was frozen, also where somebody is changing the form.
Who said yes before keeps the notice that they were shown (INV-7).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation

from akkoord.consent.models import CollectionPoint
from akkoord.consent.notices import keep_collection_point, keep_notice
from akkoord.consent.shown import hash_facts, notice_text
from akkoord.register.models import ProcessingActivity, PurposeVersion
from akkoord.register.queries import recipients_told, terms_told, whys_told
from akkoord.register.receiving import house_name
from akkoord.trail.actions import Actor, record_change

OWN_PAGE = "/privacy/"  # its version is what the register says


def renew_notices(activity_keys: Collection[str], at: datetime, actor: Actor) -> int:
    """Give each published form that tells of these activities a new version with the terms, the
    recipients and the reasons of now.

    In the caller's transaction, so that the next who sees the form reads the new ones. How many
    versions. A form that reads the same has none; where nothing ends something, or nobody receives
    it any more, the old words of that stand, for a notice without an element may not (INV-43).
    """
    renewed = 0
    points = CollectionPoint.objects.filter(form__isnull=False, ended_at=None)
    for shown in points.select_related("form", "notice").order_by("form_id", "language"):
        versions = _versions(shown)
        keys = [each.purpose.activity_key for each in versions]
        keys += [shown.snapshot["carrier"]] if shown.snapshot.get("carrier") else []
        if not set(keys).isdisjoint(activity_keys) and "notice" in shown.snapshot:
            renewed += _renew(shown, versions, keys, at=at, actor=actor)
    return renewed


def renew_all(*, at: datetime) -> int:
    """Give every published form that tells what is no longer so the words of now.

    For what changed without a verb: an upgrade that mended the register. How many versions.
    """
    keys = ProcessingActivity.objects.filter(valid_to=None).values_list("key", flat=True)
    with transaction.atomic():
        return renew_notices(set(keys), at, Actor.system())


def _versions(shown: CollectionPoint) -> list[PurposeVersion]:
    """The versions that stand on the form, in its order."""
    found = PurposeVersion.objects.select_related("purpose").in_bulk(shown.purpose_version_ids)
    return [found[each] for each in shown.purpose_version_ids if each in found]


def _renew(
    shown: CollectionPoint,
    versions: list[PurposeVersion],
    keys: list[str],
    *,
    at: datetime,
    actor: Actor,
) -> bool:
    with translation.override(shown.language):
        now = {
            "controller": house_name(),  # our own computers are called after us
            "terms": terms_told(keys),
            "recipients": recipients_told(keys),
        }
        whys = whys_told([each.purpose for each in versions])
    notice = shown.snapshot["notice"]
    now["purposes"] = [
        {**each, "why": whys.get(each.get("slug", "")) or each["why"]}
        for each in notice["purposes"]
    ]
    changed = {name: told for name, told in now.items() if told and told != notice[name]}
    if not changed:
        return False
    snapshot = {**shown.snapshot, "notice": {**notice, **changed}}
    if snapshot.get("privacy_url") == OWN_PAGE:
        snapshot["privacy_version"] = hash_facts(snapshot["notice"])
    text = notice_text(snapshot, shown.language)
    kind = shown.notice.kind
    keep_collection_point(
        kind=shown.kind,
        form=shown.form,
        language=shown.language,
        snapshot=snapshot,
        notice=keep_notice(kind=kind, language=shown.language, text=text, at=at),
        versions=versions,
        at=at,
    )
    record_change(
        actor=actor,
        action="form.renew-notice",
        object_kind="form",
        object_id=shown.form_id,
        fields=sorted(changed),
        at=at,
    )
    return True
