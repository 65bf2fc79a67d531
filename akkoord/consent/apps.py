"""Django app of the room."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from akkoord.trail.actions import Actor


class ConsentConfig(AppConfig):
    """Registers the room with Django, and its events with the ledger."""

    name = "akkoord.consent"
    label = "consent"
    verbose_name = _("Consent")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permission events are sealed, and `ledger verify` compares standings with them."""
        from akkoord.consent.nos import nos_of
        from akkoord.consent.rebuild import standing_faults
        from akkoord.consent.special_guard import may_see_event
        from akkoord.register.customers import follow
        from akkoord.register.recipient_changes import follow_recipients
        from akkoord.register.terms import follow_terms
        from akkoord.trail.ledger import (
            LedgerSource,
            register_nos,
            register_source,
            register_verification,
        )
        from akkoord.trail.proof import guard_proofs

        register_source(
            LedgerSource(
                name="permissions",
                table="consent_permissionevent",
                columns=(
                    "person_ref",
                    "contact_point_ref",
                    "purpose_version_id",
                    "channel",
                    "basis",
                    "state",
                    "happened_at",
                    "recorded_at",
                    "valid_until",
                    "actor_kind",
                    "actor_ref",
                    "method",
                    "collection_point_id",
                    "notice_id",
                    "is_declared",
                    "evidence",
                ),
                blankable=(
                    "person_ref",
                    "contact_point_ref",
                    "happened_at",
                    "valid_until",
                    "actor_ref",
                    "evidence",
                ),
            )
        )
        register_verification(standing_faults)
        register_nos(nos_of)
        guard_proofs(may_see_event)
        follow(_settle)
        follow_terms(_renew_of_term)
        follow_recipients(_renew_notices)


def _settle(at: "datetime", actor: "Actor") -> None:
    """A topic is about other products now: what sales carry is laid down again."""
    from akkoord.consent.customers import settle_customers

    settle_customers(at=at, actor=actor)


def _renew_of_term(activity_key: str, at: "datetime", actor: "Actor") -> None:
    """A term changed: published forms tell the new one."""
    _renew_notices([activity_key], at, actor)


def _renew_notices(activity_keys: "Collection[str]", at: "datetime", actor: "Actor") -> None:
    """A term or a recipient changed: published forms tell what is now."""
    from akkoord.consent.renew_notices import renew_notices

    renew_notices(activity_keys, at, actor)
