"""Names are found by an index that the query really fits; groups by town and product by their own.

PostgreSQL uses an index on an expression only when the query holds the very same expression.
"""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three indexes."""

    dependencies = [("people", "0005_group_statistics")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX people_person_search; "
            "CREATE INDEX people_person_search ON people_person USING gin "
            "(to_tsvector('simple'::regconfig, given_name || ' ' || family_name))",
            "DROP INDEX people_person_search; "
            "CREATE INDEX people_person_search ON people_person USING gin "
            "(to_tsvector('simple'::regconfig, "
            "((COALESCE(given_name, '') || (COALESCE(' ', '') || COALESCE(family_name, ''))))))",
        ),
        migrations.AddIndex(
            model_name="postaladdress",
            index=models.Index(
                django.db.models.functions.text.Upper("city"),
                models.F("person"),
                condition=models.Q(("ended_at", None)),
                name="people_address_town",
            ),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(
                django.db.models.functions.text.Upper("product_group"),
                models.F("bought_on"),
                models.F("person"),
                name="people_purchase_group",
            ),
        ),
    ]
