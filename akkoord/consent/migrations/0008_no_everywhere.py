"""A no holds at every address of the person, and for topics that are made later."""

import django.contrib.postgres.fields
from django.db import migrations, models

from akkoord.consent.stop_sql import STOP


class Migration(migrations.Migration):
    """One column and one function."""

    dependencies = [("consent", "0007_stop_reason"), ("people", "0003_uuid7_at")]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="lifted_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.RunSQL(sql=[(STOP, None)], reverse_sql=migrations.RunSQL.noop),
    ]
