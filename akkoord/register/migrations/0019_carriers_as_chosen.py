from django.db import migrations

OWN = ("hosting", "mail")  # what the organisation does with its own machines
PUSH = "browser-push"  # follows the channels of a topic
CARRIERS = ("questions", "customers")  # entered by a form
SYSTEM = ("proof", "suppression", "requests", "import-to-be-judged", "audit-trail", "backups")
RENAMED = "Dit zijn onze eigen computers: zij dragen onze naam."
TAKEN = "Kreeg dit vanzelf, zonder dat iemand het koos. Weggehaald bij het bijwerken van Akkoord."


def _because(schema_editor, reason):
    """Write the versions of what was done until now, with this reason."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('akkoord.reason', %s, true)", [reason])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('akkoord.reason', '', true)")


def name_our_own(apps, schema_editor):
    """Our own computers are called after us, also when we were renamed before this release.

    A row of them without a contract could get another name in no other way: the page refused it.
    """
    house = apps.get_model("register", "Organisation").objects.filter(id=1).first()
    if house is None:
        return
    own = apps.get_model("register", "Recipient").objects.filter(
        key__in=OWN,
        valid_to=None,
        role="processor",
        contract_on=None,
        contract_path="",
        country="NL",
        safeguard="",
        subprocessors=[],
    )
    if own.exclude(name=house.name).update(name=house.name):
        _because(schema_editor, RENAMED)


def _was_chosen(versions, activity_key, company):
    """Whether somebody let a company receive what was there already without it."""
    told = versions.filter(key=activity_key).order_by("number")
    before = None
    for recipients, is_ended in told.values_list("content__recipients", "content__is_ended"):
        has = any(each["key"] == company for each in recipients or ())
        if has and before == (False, False):
            return True
        before = (has, bool(is_ended))
    return False


def take_what_nobody_chose(apps, schema_editor):
    """Each new topic went to every company in the register (bookkeepers, print houses, companies
    without a contract). Who does not carry all that Akkoord does loses what came by itself."""
    recipients = apps.get_model("register", "Recipient").objects
    versions = apps.get_model("register", "RegisterVersion").objects
    activities = apps.get_model("register", "ProcessingActivity").objects.filter(valid_to=None)
    system = set(activities.filter(key__in=SYSTEM).values_list("key", flat=True))
    topics = apps.get_model("register", "Purpose").objects.filter(is_topic=True)
    by_itself = {*CARRIERS, *topics.values_list("activity_key", flat=True)}
    changed = False
    for each in recipients.filter(valid_to=None).exclude(key__in=(*OWN, PUSH)).order_by("id"):
        if system and system <= set(each.activity_keys):
            continue
        # A print house was entered for the first of its activities.
        asked = each.activity_keys[:1] if each.key.startswith("print-") else []
        kept = [
            key
            for key in each.activity_keys
            if key not in by_itself or key in asked or _was_chosen(versions, key, each.key)
        ]
        if kept != each.activity_keys:
            each.activity_keys = kept
            each.save(update_fields=["activity_keys"])
            changed = True
    if changed:
        _because(schema_editor, TAKEN)


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0018_telecom_basis_has_room'),
    ]

    operations = [
        migrations.RunPython(name_our_own, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(take_what_nobody_chose, migrations.RunPython.noop, elidable=False),
    ]
