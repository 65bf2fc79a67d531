"""The register in the dossier: whole for the owner, and for a link what the link shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from akkoord.checkup.dossier_table import table
from akkoord.register.history import companies_shown
from akkoord.register.models import (
    ActivityField,
    BalancingTest,
    ProcessingActivity,
    Recipient,
    RetentionRule,
)
from akkoord.register.records import register_now


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows: since when each activity is published, and who receives of those."""

    since: Mapping[str, datetime]
    recipients: frozenset[str]

    def has(self, key: str, ended: datetime | None) -> bool:
        """Whether this activity is published, and what ended did so after that."""
        since = self.since.get(key)
        return since is not None and (ended is None or ended >= since)


def shown_by_link() -> Shown:
    """What is published now, from its first published version on."""
    register = register_now()
    keys = [each.key for each in register.published]
    activities = ProcessingActivity.objects.filter(key__in=keys).exclude(published_at=None)
    since = dict(activities.order_by("key").values_list("key").annotate(Min("published_at")))
    return Shown(since, frozenset(companies_shown(register)))


def register_files(shown: Shown | None) -> Iterator[tuple[str, bytes]]:
    """The register with every version of every activity, and what hangs on it; or what is shown."""

    def has(key: str, ended: datetime | None) -> bool:
        return shown is None or shown.has(key, ended)

    yield (
        "register/activities.csv",
        table(
            ("key", "version", "name", "purpose", "basis", "telecom", "subjects", "security",
             "from", "to", "reason"),
            (
                (each.key, each.version, each.name, each.purpose, each.legal_basis,
                 each.telecom_basis, " ".join(each.subjects), each.security, each.valid_from,
                 each.valid_to, each.change_reason)
                for each in ProcessingActivity.objects.order_by("key", "version")
                if has(each.key, each.valid_to) and (each.published_at or not shown)
            ),
        ),
    )  # fmt: skip
    yield (
        "register/fields.csv",
        table(
            ("activity", "field", "category", "why", "from", "to"),
            (
                (each.activity_key, each.field.name, each.field.category, each.why,
                 each.admitted_at, each.ended_at)
                for each in ActivityField.objects.select_related("field").order_by(
                    "activity_key", "admitted_at", "id"
                )
                if has(each.activity_key, each.ended_at)
            ),
        ),
    )  # fmt: skip
    yield (
        "register/terms.csv",
        table(
            ("activity", "category", "term", "from", "to", "reason"),
            (
                (each.activity_key, each.category, each.criterion, each.valid_from,
                 each.valid_to, each.reason)
                for each in RetentionRule.objects.order_by("activity_key", "category", "valid_from")
                if has(each.activity_key, each.valid_to)
            ),
        ),
    )  # fmt: skip
    yield (
        "register/recipients.csv",
        table(
            ("name", "role", "service", "country", "safeguard", "contract", "checked", "from",
             "to"),
            (
                (each.name, each.role, each.service, each.country, each.safeguard,
                 each.contract_on, each.checked_on, each.valid_from, each.valid_to)
                for each in Recipient.objects.order_by("key", "valid_from")
                if shown is None or each.key in shown.recipients
            ),
        ),
    )  # fmt: skip
    yield (
        "register/balancing-tests.csv",
        table(
            ("activity", "version", "interest", "necessity", "balance", "written", "to"),
            (
                (each.activity_key, each.version, each.interest, each.necessity, each.balance,
                 each.written_at, each.valid_to)
                for each in BalancingTest.objects.order_by("activity_key", "version")
                if has(each.activity_key, each.valid_to)
            ),
        ),
    )  # fmt: skip
