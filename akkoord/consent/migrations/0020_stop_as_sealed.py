"""A no at an address of a joined record goes on under the id that it was sealed with."""

from django.db import migrations

from akkoord.consent.stop_sql import STOP_AS_SEALED


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("consent", "0019_standing_lately"), ("people", "0014_joining")]

    operations = [
        migrations.RunSQL(sql=[(STOP_AS_SEALED, None)], reverse_sql=migrations.RunSQL.noop)
    ]
