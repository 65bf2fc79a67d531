"""Topics that customers may get without consent, what is sold, and whose the books are.

The basis under the Telecommunicatiewet is kept apart from that of art. 6 AVG: a topic that is also
for customers says both, in a new version of its activity (INV-15, 29).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.datamap.plain_words import name_problem
from akkoord.law.states import Basis
from akkoord.register import presets, reasons
from akkoord.register.actions import RegisterRefused, enter_activity, fill_catalogue
from akkoord.register.models import (
    Organisation,
    ProcessingActivity,
    ProductGroup,
    Purpose,
)
from akkoord.register.nobody import refuse_persons
from akkoord.register.queries import product_group_names
from akkoord.register.recipient_changes import tell_changed
from akkoord.trail.actions import Actor, record_change

Follower = Callable[[datetime, Actor], object]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Plug in what a higher room does, in the same transaction, when a topic's products change."""
    if follower not in _followers:
        _followers.append(follower)


MAX_SIGNS = 50
_BUYERS = "dpv:Customer"


@transaction.atomic
def allow_customers(
    *, purpose_id: UUID, product_groups: Sequence[str], at: datetime, actor: Actor
) -> Purpose:
    """Say which product groups a topic is about; none: only who agreed gets it.

    A new version of its activity carries the second basis under art. 11.7 Tw, or drops it, and says
    why. Refuses a topic that has ended and a group that does not exist.
    """
    purpose = Purpose.objects.select_for_update().get(id=purpose_id)
    if purpose.ended_at is not None:
        raise RegisterRefused("groups", _("This topic has ended."))
    if purpose.measures and product_groups:
        raise RegisterRefused("groups", _("A sale is no yes to measuring. People must say it."))
    wanted = sorted(set(product_groups))
    known = set(product_group_names())
    if not known.issuperset(wanted):
        raise RegisterRefused("groups", _("This kind of product is not on your list."))
    purpose.product_groups = wanted
    purpose.save(update_fields=["product_groups"])
    reason = _("Only who agreed gets this topic now.")
    if wanted:
        reason = _("Customers who bought this may get it too: %(groups)s.") % {
            "groups": ", ".join(wanted)
        }
    revise_basis(
        purpose,
        Basis.EXISTING_CUSTOMER,
        carries=bool(wanted),
        reason=reason,
        at=at,
        actor=actor,
    )
    record_change(
        actor=actor,
        action="topic.customers",
        object_kind="topic",
        object_id=purpose.id,
        fields=("product_groups", "telecom_basis"),
        at=at,
    )
    for follower in _followers:
        follower(at, actor)
    reasons.because(reason)  # a follower's own line of the trail would take it away
    return purpose


def revise_basis(
    purpose: Purpose,
    basis: Basis,
    *,
    carries: bool,
    at: datetime,
    actor: Actor,
    published_why: str | None = None,
    reason: str = "",
) -> bool:
    """A new version of a topic's activity, with or without this basis under art. 11.7 Tw; the
    forms that tell why it comes follow (art. 13). Whether there is one: nothing changes when the
    activity says so already.

    `published_why`: the weighing for published addresses (None: as it was). `reason`: why.
    """
    old = ProcessingActivity.objects.select_for_update().get(
        key=purpose.activity_key, valid_to=None
    )
    others = [each for each in old.telecom_basis.split() if each != basis]
    telecom_basis = " ".join(sorted([*others, basis.value] if carries else others))
    weighed = old.published_why if published_why is None else published_why
    if (old.telecom_basis, old.published_why) == (telecom_basis, weighed):
        return False
    old.valid_to = at
    old.save(update_fields=["valid_to"])
    values = {
        field.attname: getattr(old, field.attname)
        for field in ProcessingActivity._meta.concrete_fields
        if field.name not in ("id", "version", "valid_from", "valid_to", "changed_by")
    }
    subjects = list(old.subjects)
    if basis is Basis.EXISTING_CUSTOMER:
        subjects = [each for each in subjects if each != _BUYERS] + [_BUYERS] * carries
    ProcessingActivity.objects.create(
        **{
            **values,
            "version": old.version + 1,
            "telecom_basis": telecom_basis,
            "published_why": weighed,
            "subjects": subjects,
            "valid_from": at,
            "changed_by": actor.id,
            "change_reason": reason[:300],
        }
    )
    tell_changed([purpose.activity_key], at=at, actor=actor)
    return True


@transaction.atomic
def enter_product_group(
    *, name: str, signs: Iterable[str] = (), at: datetime, actor: Actor
) -> ProductGroup:
    """A kind of product with the signs by which an article is known to be of it.

    Refuses an empty or double name, one that gives buyers away (INV-32) or points to somebody
    (INV-30), more than fifty signs.
    """
    name = " ".join(name.split())
    cleaned = clean_signs(signs)
    if not name:
        raise RegisterRefused("name", _("Give this kind of product a name."))
    if problem := name_problem(name):  # what somebody bought is theirs (CJEU C-21/23; INV-32)
        raise RegisterRefused("name", problem)
    refuse_persons({"name": name})  # topics name it in the register
    try:
        with transaction.atomic():
            group = ProductGroup.objects.create(name=name, signs=cleaned, created_at=at)
    except IntegrityError:
        raise RegisterRefused("name", _("This kind of product is on your list already.")) from None
    _record_group(group, "product-group.enter", at=at, actor=actor)
    return group


@transaction.atomic
def change_product_group(
    *, group_id: UUID, signs: Iterable[str], at: datetime, actor: Actor
) -> ProductGroup:
    """Other signs for a kind of product; files that come in from now on are read by them."""
    group = ProductGroup.objects.select_for_update().get(id=group_id)
    group.signs = clean_signs(signs)
    group.save(update_fields=["signs"])
    _record_group(group, "product-group.change", at=at, actor=actor)
    return group


def clean_signs(signs: Iterable[str]) -> list[str]:
    """Signs in small letters, each once. Refuses more than fifty, and one of over 80 characters."""
    found = list(dict.fromkeys(" ".join(each.lower().split()) for each in signs if each.strip()))
    if len(found) > MAX_SIGNS:
        raise RegisterRefused("signs", _("At most fifty signs."))
    if problem := name_problem("\n".join(found)):
        raise RegisterRefused("signs", problem)
    if any(len(each) > 80 for each in found):
        raise RegisterRefused("signs", _("A sign is at most 80 characters long."))
    return found


def _record_group(group: ProductGroup, action: str, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="product-group",
        object_id=group.id,
        fields=("name", "signs"),
        at=at,
    )


@transaction.atomic
def answer_bookkeeping(*, keeps_books: bool, at: datetime, actor: Actor) -> Organisation:
    """Whether Akkoord is the bookkeeping: then sales carry the fiscal term (AWR 52(4))."""
    house = Organisation.objects.select_for_update().get(id=1)
    if house.keeps_books != keeps_books:
        house.keeps_books, house.updated_at = keeps_books, at
        house.save(update_fields=["keeps_books", "updated_at"])
        current = ProcessingActivity.objects.filter(key=presets.BOOKS.key, valid_to=None)
        if keeps_books and not current.exists():
            fill_catalogue(at=at)
            before = ProcessingActivity.objects.filter(key=presets.BOOKS.key).count()
            enter_activity(presets.BOOKS, at=at, actor=actor, version=before + 1)
        record_change(
            actor=actor,
            action="organisation.change",
            object_kind="organisation",
            object_id=None,
            fields=("keeps_books",),
            at=at,
        )
    return house


@transaction.atomic
def name_seller(*, name: str, at: datetime, actor: Actor) -> Organisation:
    """Another name under which this same organisation sends invoices (INV-15: same entity)."""
    name = " ".join(name.split())[:200]
    if not name:
        raise RegisterRefused("seller", _("Fill in the name that stands on your invoices."))
    house = Organisation.objects.select_for_update().get(id=1)
    if name.casefold() not in {each.casefold() for each in house.seller_names}:
        house.seller_names = [*house.seller_names, name]
        house.updated_at = at
        house.save(update_fields=["seller_names", "updated_at"])
        record_change(
            actor=actor,
            action="organisation.change",
            object_kind="organisation",
            object_id=None,
            fields=("seller_names",),
            at=at,
        )
    return house
