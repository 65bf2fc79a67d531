"""A second no ends a request that was made since the first."""

from django.db import migrations

from akkoord.consent.stop_sql import STOP_ENDS_REQUESTS


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("consent", "0015_happened_before_heard")]

    operations = [
        migrations.RunSQL(
            sql=[(STOP_ENDS_REQUESTS, None)], reverse_sql=migrations.RunSQL.noop
        )
    ]
