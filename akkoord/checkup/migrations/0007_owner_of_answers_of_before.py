from django.db import migrations
from django.db.models import F


def who_answered_sees_to_it(apps, schema_editor):
    """Until now who answered was asked again; that stays so until somebody says otherwise."""
    answers = apps.get_model("checkup", "Answer").objects
    answers.filter(owner=None).exclude(answered_by=None).update(owner=F("answered_by"))


class Migration(migrations.Migration):

    dependencies = [
        ('checkup', '0006_owner_of_an_answer'),
    ]

    operations = [
        migrations.RunPython(who_answered_sees_to_it, migrations.RunPython.noop),
    ]
