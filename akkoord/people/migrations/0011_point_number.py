"""A number per contact point, for the bitmaps of groups."""

from typing import ClassVar

from django.db import migrations, models

import akkoord.people.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0010_known_child_at")]

    operations: ClassVar = [
        migrations.RunSQL(
            "CREATE SEQUENCE people_point_number AS integer",
            "DROP SEQUENCE IF EXISTS people_point_number",
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="number",
            field=models.IntegerField(
                db_default=akkoord.people.models.NextNumber(), editable=False
            ),
        ),
        migrations.RunSQL(
            "ALTER SEQUENCE people_point_number OWNED BY people_contactpoint.number",
            "ALTER SEQUENCE people_point_number OWNED BY NONE",
        ),
    ]
