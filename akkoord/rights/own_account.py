"""Somebody who works here too: their own account goes into their copy (art. 15).

Known by the mailbox that both are reached at, where the person's has answered. What they did here
is told in numbers, for what they did is mostly about others.
"""

from django.db.models import Count
from django.utils.translation import gettext as _

from akkoord.accounts.models import Staff
from akkoord.datamap.declaration import Whose
from akkoord.datamap.export import ExportColumn, StoreExport, export_person
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.rights.words import store_word
from akkoord.trail.action_words import action_word
from akkoord.trail.models import ActorKind, Change

ACTS = "accounts_acts"


def account_stores(person: Person) -> list[StoreExport]:
    """What the account of this person holds, and how often they did what; of most people nothing.

    One query, and a few more for who has an account.
    """
    mailboxes = ContactPoint.objects.filter(
        person_id=person.id, channel=Channel.EMAIL, ended_at=None, verified_at__isnull=False
    )
    staff = Staff.objects.filter(email__in=mailboxes.values("normalised")).only("id")
    return [
        store
        for each in staff
        for store in (*export_person([each.id], whose=Whose.STAFF), *_acts(each))
    ]


def _acts(staff: Staff) -> list[StoreExport]:
    acts = Change.objects.filter(actor_kind=ActorKind.STAFF, actor_id=staff.id)
    counted = acts.values_list("action").annotate(count=Count("id")).order_by("action")
    rows = tuple({"action": str(action_word(action)), "count": n} for action, n in counted)
    columns = (
        ExportColumn("action", _("What was done"), "", provided=False),
        ExportColumn("count", _("How often"), "", provided=False),
    )
    return [StoreExport(ACTS, str(store_word(ACTS)), columns, rows)] if rows else []
