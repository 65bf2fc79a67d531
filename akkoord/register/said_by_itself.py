"""What a file of the register holds that nobody wrote: of companies' transfers, of rules' terms."""

from collections.abc import Sequence

from django.utils import translation

from akkoord.register.entry_words import company_transfer, no_transfer, rule_line
from akkoord.register.models import Recipient
from akkoord.register.term_queries import rules_now


def said_of_transfers(companies: Sequence[Recipient]) -> set[str]:
    """The lines about transfers that a file of the register itself holds, in both languages."""
    said = set()
    for language in ("nl", "en"):
        with translation.override(language):
            said.add(no_transfer())
            said |= {company_transfer(e.name, e.country, e.safeguard) for e in companies}
    return said


def said_of_terms() -> dict[str, set[str]]:
    """The lines about terms that a file of the register itself holds, in both languages."""
    said: dict[str, set[str]] = {}
    for rule in rules_now():
        lines = said.setdefault(rule.activity_key, set())
        for language, criterion in (("nl", rule.criterion_nl), ("en", rule.criterion_en)):
            with translation.override(language):
                said_now = rule_line(rule.category, criterion).split("\n")
                lines.update(each.strip() for each in said_now)
    return said
