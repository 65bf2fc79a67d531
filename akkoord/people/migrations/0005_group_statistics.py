"""Groups compare texts without regard to capitals: tell the planner how they are spread.

Without it a group by town is guessed at half a per cent, and counts take five times as long. Only
of columns that name nobody: statistics hold samples of what they describe.
"""

from django.db import migrations


class Migration(migrations.Migration):
    """Two sets of statistics; no table changes."""

    dependencies = [("people", "0004_names")]

    operations = [
        migrations.RunSQL(
            "CREATE STATISTICS people_city_spread ON (upper(city::text)) FROM people_postaladdress",
            "DROP STATISTICS people_city_spread",
        ),
        migrations.RunSQL(
            "CREATE STATISTICS people_group_spread ON (upper(product_group::text)) "
            "FROM people_purchase",
            "DROP STATISTICS people_group_spread",
        ),
    ]
