from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checkup', '0004_what_the_authority_said'),
    ]

    operations = [
        migrations.AddField(
            model_name='answer',
            name='owner',
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
