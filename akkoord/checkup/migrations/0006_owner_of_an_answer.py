from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checkup', '0005_mail_look_that_reached_nothing'),
    ]

    operations = [
        migrations.AddField(
            model_name='answer',
            name='owner',
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
