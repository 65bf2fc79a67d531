"""How far a sale carries mail to a customer: two SQL functions."""

from django.db import migrations

from akkoord.permission.sales_sql import SALE_STEP, SALE_STEP_REVERSE


class Migration(migrations.Migration):
    """The gate has no tables; it reads those of other rooms."""

    initial = True
    dependencies = [
        ("people", "0008_sales"),
        ("register", "0002_customers"),
        ("consent", "0010_places"),
    ]

    operations = [migrations.RunSQL(SALE_STEP, SALE_STEP_REVERSE)]
