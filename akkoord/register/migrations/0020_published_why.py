from importlib import import_module

from django.db import migrations, models

OLD = import_module("akkoord.register.migrations.0017_transfers_in_words").NEW
# Only where it was weighed: the versions of other entries stay as they are.
_END = "\n  FROM register_processingactivity a"
NEW = OLD.replace(
    _END,
    """
    || CASE WHEN a.published_why = '' THEN '{}'::jsonb ELSE jsonb_build_object(
        'published_why', a.published_why) END"""
    + _END,
)
assert NEW != OLD


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0019_carriers_as_chosen'),
    ]

    operations = [
        migrations.AddField(
            model_name='processingactivity',
            name='published_why',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.RunSQL(sql=[(NEW, None)], reverse_sql=[(OLD, None)]),
    ]
