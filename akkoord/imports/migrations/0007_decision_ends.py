import datetime

from django.db import migrations, models

# What was decided before counts for a year from then; what let sensitive cells in does so no more:
# that is for the exception of a field of its own (INV-32).
ENDS = """
UPDATE imports_sensitivedecision
   SET until = ((at AT TIME ZONE 'Europe/Amsterdam') + interval '1 year')::date,
       classes = CASE WHEN kind = 'exception' THEN '[]'::jsonb ELSE classes END
"""


class Migration(migrations.Migration):
    dependencies = [("imports", "0006_changed_sales")]

    operations = [
        migrations.AddField(
            model_name="sensitivedecision",
            name="until",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(ENDS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="sensitivedecision",
            name="until",
            field=models.DateField(),
        ),
        migrations.AlterField(
            model_name="sensitivedecision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cells-out", "The cells stay out, the rest of the column comes in"),
                    ("exception", "An exception of before; it lets nothing in any more"),
                    ("mistaken", "It is something else than it looks like"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="sensitivedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    until__lte=models.ExpressionWrapper(
                        models.F("at") + datetime.timedelta(days=367),
                        output_field=models.DateField(),
                    )
                ),
                name="imports_inv32_decision_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="sensitivedecision",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind="exception") | models.Q(classes=[]),
                name="imports_inv32_column_opens_nothing",
            ),
        ),
    ]
