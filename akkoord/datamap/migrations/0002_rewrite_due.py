from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("datamap", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RewriteDue",
            fields=[
                ("store", models.CharField(max_length=80, primary_key=True, serialize=False)),
            ],
        ),
    ]
