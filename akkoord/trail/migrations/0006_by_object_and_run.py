from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trail', '0005_running_act'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blanking',
            name='run',
            field=models.UUIDField(db_index=True),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(
                condition=models.Q(('object_id__isnull', False)),
                fields=['object_id'],
                name='trail_change_object',
            ),
        ),
    ]
