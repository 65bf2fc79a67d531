"""Records that are joined: who got data of either got it of the one that stays (art. 19)."""

from collections.abc import Mapping
from typing import Any

from akkoord.people.joining_steps import Join
from akkoord.rights.models import Disclosure


def got_of_both(join: Join) -> dict[str, Any]:
    """Where a company got data of both: of the record that stays, what was in either; what stood
    there before. Without this it would hear of too little."""
    theirs = dict(
        Disclosure.objects.filter(person_id=join.old).values_list("recipient_id", "fields")
    )
    was = {}
    for each in Disclosure.objects.filter(person_id=join.new, recipient_id__in=theirs):
        was[str(each.id)] = each.fields
        other = theirs[each.recipient_id]
        # No fields: it may have been all.
        each.fields = sorted({*each.fields, *other}) if each.fields and other else []
        each.save(update_fields=["fields"])
    return {"was": was}


def got_apart(_join: Join, note: Mapping[str, Any]) -> None:
    """Two people after all: what each company got of this one, as it stood."""
    for key, fields in note.get("was", {}).items():
        Disclosure.objects.filter(id=key).update(fields=fields)
