"""The gate's rules: each written once, as a condition over a contact point.

Joined they are the SQL of an audience; taken one by one they explain a single case. What a rule
does not know is a no (INV-2): a condition that comes out as unknown does not hold.

The conditions speak of annotations that `points` makes: `mine_state`, `mine_basis`,
`mine_valid_until`, `mine_version`, `mine_event`, `mine_point`: today's standing of the very
address for this purpose; and `mine_sale`: how far the sale gets that it would rest on (`sales`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact

from akkoord.consent.models import PermissionEvent, Rhythm, Suppression
from akkoord.law.basis_rules import basis_carries
from akkoord.law.reasons import Reason
from akkoord.law.states import LIVE_STATES, SENDABLE_STATES, Basis, Channel, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint
from akkoord.permission import post, published
from akkoord.permission.question import Question as Question
from akkoord.permission.sales import SaleStep, sale_step
from akkoord.register.models import Purpose


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a name, the reason when it does not hold, its condition, its evidence's column.

    `no_by`: the column with the evidence when it does not hold. `chain`: rules in a row with the
    same word are steps on top of each other: the last one implies those before it, so that a set
    needs to ask it alone. `only`: the one channel that it is about; None: every one.
    """

    name: str
    reason: Reason
    condition: Callable[[Question], Q]
    evidence: str = ""
    no_by: str = ""
    chain: str = ""
    only: Channel | None = None


def points(question: Question) -> QuerySet[ContactPoint]:
    """Contact points of the channel, beside their standing for the purpose (index
    consent_one_standing)."""
    found = ContactPoint.objects.filter(channel=question.channel).annotate(
        mine=FilteredRelation("standings", condition=Q(standings__purpose=question.purpose.id)),
        mine_state=F("mine__state"),
        mine_basis=F("mine__basis"),
        mine_valid_until=F("mine__valid_until"),
        mine_version=F("mine__purpose_version_number"),
        mine_event=F("mine__event_id"),
        mine_point=F("mine__contact_point_id"),
    )
    found = found.annotate(mine_sale=sale_step(question.purpose.id, question.at))
    return post.with_interest(found, question) if question.channel is Channel.POST else found


def evidence_of(question: Question) -> Combinable:
    """What a message rests on: the event of its standing, for a letter else the balancing test."""
    return post.evidence() if question.channel is Channel.POST else F("mine_event")


def rules_for(channel: Channel) -> tuple[Rule, ...]:
    """The rules that are asked of a channel, in order."""
    return tuple(rule for rule in RULES if rule.only in (None, channel))


def _sale_reaches(step: SaleStep) -> Callable[[Question], Q]:
    """The sale gets at least this far, or nothing rests on a sale (INV-15).

    Consent is asked first: it is nearly everybody, and so the planner knows that few fall out. A
    letter to whom nothing else was agreed with rests on a balancing test, not on these steps.
    """
    consent_or_step = Q(mine_basis=Basis.CONSENT) | Q(mine_sale__gte=step)
    by_post = consent_or_step | post.without_customer_basis()
    return lambda question: by_post if question.channel is Channel.POST else consent_or_step


def _this_purpose(question: Question, **conditions: object) -> Q:
    return Q(Exists(Purpose.objects.filter(id=question.purpose.id, **conditions)))


def _not_suppressed(question: Question) -> Q:
    """INV-4: beats every consent, within its scope."""
    blocked = Suppression.objects.filter(
        keyed_hash=OuterRef("keyed_hash"),
        channel=question.channel,
        scope__in=[Suppression.ALL_MARKETING, question.purpose.slug],
    ).exclude(lifted_for__contains=[question.purpose.slug])  # INV-5: by their own later act
    return ~Exists(blocked)  # type: ignore[return-value]


def _no_child_alone(_question: Question) -> Q:
    """Art. 8: unknown age is not refused; a known child needs a parent's yes, and never is a
    customer without consent (INV-14).

    The parent's yes stands in the evidence of the grant. A scalar subquery, so that the planner
    looks it up for the few known children and never hashes the whole ledger.
    """
    parents = PermissionEvent.objects.filter(id=OuterRef("mine_event")).values(
        "evidence__parent_consent"
    )
    return (
        Q(person__is_known_child__isnull=True)
        | Q(person__is_known_child=False)
        | (Q(mine_basis=Basis.CONSENT) & Q(Exact(Subquery(parents), True)))
    )


def _not_in(state: PermissionState) -> Callable[[Question], Q]:
    """The standing is another one, or there is none (another rule says so then)."""
    return lambda _question: Q(mine_state__isnull=True) | ~Q(mine_state=state)


def _no_no(state: PermissionState) -> Callable[[Question], Q]:
    """As `_not_in`; of what nobody asked for, over no other way either."""

    def condition(question: Question) -> Q:
        here = _not_in(state)(question)
        if question.channel is Channel.EMAIL:
            return here & published.no_no_elsewhere(question, state)
        if question.channel is not Channel.POST:
            return here
        return here & post.no_no_elsewhere(question, state)

    return condition


def _not_paused(question: Question) -> Q:
    """The person's own "not now", for this topic or for everything."""
    paused = Rhythm.objects.filter(
        Q(purpose=question.purpose.id) | Q(purpose__isnull=True),
        contact_point=OuterRef("pk"),
        paused_until__gt=question.at,
    )
    return ~Exists(paused)  # type: ignore[return-value]


def _turn_has_come(question: Question) -> Q:
    """The person's own "less often": counted from the letter that really left."""
    waiting = Rhythm.objects.filter(
        contact_point=OuterRef("pk"),
        purpose=question.purpose.id,
        not_before__gt=question.at,
    )
    return ~Exists(waiting)  # type: ignore[return-value]


def _has_basis(question: Question) -> Q:
    """A standing in a state under which messages may leave on its basis, over this channel."""
    if question.channel is Channel.POST:
        return post.has_basis(question)
    carrying = Q(pk__isnull=True)
    for basis in Basis:
        if basis_carries(basis, question.channel, on=law_day(question.at)):
            states = sorted(state.value for state in SENDABLE_STATES[basis])
            carrying |= Q(mine_basis=basis, mine_state__in=states)
    # Said once more, so that the planner can use the partial index consent_standing_live.
    return Q(mine_state__in=sorted(state.value for state in LIVE_STATES)) & carrying


def _covers_words(question: Question) -> Q:
    """The yes was to what the topic is today; a letter without a yes has no words to cover."""
    version = Purpose.objects.filter(id=question.purpose.id).values("consent_version")[:1]
    covered = Q(mine_version__gte=version)
    return covered | post.without_yes() if question.channel is Channel.POST else covered


_EVENT = "mine_event"
_POST = Channel.POST

# INV-19: what a letter needs besides. A yes to post needs an address that is whole, too.
_OF_POST: tuple[Rule, ...] = (
    Rule(
        "balancing-test",
        Reason.NO_BALANCING_TEST,
        post.balancing_test,
        evidence="mine_test",
        only=_POST,
    ),
    Rule(
        "registers-checked",
        Reason.POST_REGISTERS_NOT_CHECKED,
        post.registers_checked,
        only=_POST,
    ),
    Rule("fields-admitted", Reason.POST_FIELDS_NOT_ADMITTED, post.fields_admitted, only=_POST),
    Rule("address-complete", Reason.ADDRESS_INCOMPLETE, post.address_complete, only=_POST),
)

# INV-17, 18: what mail to a published address needs besides, where nobody said yes.
_OF_PUBLISHED: tuple[Rule, ...] = (
    Rule(
        "publication-proven",
        Reason.NO_PUBLICATION_EVIDENCE,
        published.is_proven,
        no_by=_EVENT,
        only=Channel.EMAIL,
    ),
    Rule("legal-person", Reason.NO_LEGAL_PERSON, published.is_legal_person, only=Channel.EMAIL),
    Rule(
        "published-for-topic",
        Reason.TOPIC_NOT_FOR_PUBLISHED,
        published.is_for_topic,
        only=Channel.EMAIL,
    ),
    Rule("still-there", Reason.CONTACT_LEFT, published.works_there, only=Channel.EMAIL),
)

RULES: tuple[Rule, ...] = (
    Rule("purpose-live", Reason.PURPOSE_ENDED, lambda q: _this_purpose(q, ended_at=None)),
    Rule(
        "channel-offered",
        Reason.CHANNEL_NOT_OFFERED,
        lambda q: _this_purpose(q, channels__contains=[q.channel]),
    ),
    Rule("address-current", Reason.ADDRESS_ENDED, lambda _: Q(ended_at__isnull=True)),
    # art. 18(1): stored, not used (INV-38)
    Rule("not-frozen", Reason.RESTRICTED, lambda _: Q(person__restricted_at__isnull=True)),
    Rule("not-suppressed", Reason.SUPPRESSED, _not_suppressed),
    Rule("no-child-alone", Reason.KNOWN_CHILD, _no_child_alone),
    Rule("not-objected", Reason.OBJECTED, _no_no(PermissionState.OBJECTED), no_by=_EVENT),
    Rule("not-withdrawn", Reason.WITHDRAWN, _no_no(PermissionState.WITHDRAWN), no_by=_EVENT),
    Rule("not-refused", Reason.REFUSED, _no_no(PermissionState.REFUSED), no_by=_EVENT),
    # INV-15: for whoever is, or would be, reached as a customer; each with its own way onward
    Rule("sale-kept", Reason.NO_SALE, _sale_reaches(SaleStep.KEPT), chain="sale"),
    Rule(
        "address-from-sale",
        Reason.ADDRESS_NOT_FROM_SALE,
        _sale_reaches(SaleStep.ADDRESS),
        chain="sale",
    ),
    Rule(
        "opt-out-offered",
        Reason.OPT_OUT_NOT_OFFERED,
        _sale_reaches(SaleStep.SAW_OPT_OUT),
        chain="sale",
    ),
    Rule("similar-product", Reason.NOT_SIMILAR, _sale_reaches(SaleStep.SIMILAR), chain="sale"),
    Rule("sale-recent", Reason.SALE_TOO_OLD, _sale_reaches(SaleStep.RECENT), chain="sale"),
    Rule("contact-there", Reason.CONTACT_LEFT, _sale_reaches(SaleStep.CONTACT), chain="sale"),
    Rule("not-invalidated", Reason.INVALIDATED, _not_in(PermissionState.INVALIDATED), no_by=_EVENT),
    Rule("not-expired", Reason.EXPIRED, _not_in(PermissionState.EXPIRED), no_by=_EVENT),
    # INV-13: an unconfirmed request sends nothing
    Rule(
        "confirmed", Reason.AWAITING_CONFIRMATION, _not_in(PermissionState.REQUESTED), no_by=_EVENT
    ),
    # INV-44: brought along without a basis
    Rule(
        "judged",
        Reason.IMPORT_TO_BE_JUDGED,
        lambda _: Q(mine_state__isnull=False) | Q(person__judge_by__isnull=True),
    ),
    # INV-1, INV-12: the standing is of this very address and channel
    Rule("has-basis", Reason.NO_BASIS, _has_basis, evidence=_EVENT, no_by=_EVENT),
    Rule(
        "still-valid",
        Reason.EXPIRED,
        lambda q: Q(mine_valid_until__isnull=True) | Q(mine_valid_until__gt=q.at),
        no_by=_EVENT,
    ),
    Rule(
        "covers-todays-words",
        Reason.OLDER_WORDING,
        _covers_words,
        no_by=_EVENT,
    ),
    *_OF_POST,
    *_OF_PUBLISHED,
    Rule("address-works", Reason.UNDELIVERABLE, lambda _: Q(undeliverable_at__isnull=True)),
    # Last: a no of any kind comes before a "not now".
    Rule("not-paused", Reason.PAUSED, _not_paused),
    Rule("turn-has-come", Reason.LESS_OFTEN, _turn_has_come),
)

RULE_VERSION = hashlib.sha256(
    "\n".join(f"{rule.name} {rule.reason}" for rule in RULES).encode() + b"\n7"
).hexdigest()[:12]
"""Which set of rules decided; stored beside every message. Raise the last digit when a
condition changes and its name does not (a test holds both together)."""
