from django.db import migrations

from akkoord.register.presets_register import PROOFS

KEYS = ("data-leaks", "details")  # entered by Akkoord itself, until now without why the law allows it
SAID = "Waarom dit mag, stond er nog niet bij. Ingevuld bij het bijwerken van Akkoord."


def say_why(apps, schema_editor):
    """What Akkoord entered by itself gets the proof of its basis, where nobody wrote one (INV-29)."""
    activities = apps.get_model("register", "ProcessingActivity").objects
    changed = 0
    for key in KEYS:
        proof = PROOFS[key]
        changed += activities.filter(
            key=key, valid_to=None, legal_basis="legal-obligation", proof_nl="", proof_en=""
        ).update(proof_nl=proof.nl, proof_en=proof.en)
    if changed:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('akkoord.reason', %s, true)", [SAID])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SELECT set_config('akkoord.reason', '', true)")


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0020_published_why'),
    ]

    operations = [
        migrations.RunPython(say_why, migrations.RunPython.noop, elidable=False),
    ]
