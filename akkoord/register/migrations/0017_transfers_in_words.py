from importlib import import_module

from django.db import migrations, models

_FOLLOW = import_module("akkoord.register.migrations.0011_follow").FORWARD
_BEGINS, _ENDS = _FOLLOW.index("CREATE FUNCTION register_record"), _FOLLOW.index(
    "CREATE FUNCTION register_house"
)
OLD = _FOLLOW[_BEGINS:_ENDS].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# Only where somebody wrote it: the versions of other entries stay as they are.
_END = "c.until IS NULL))\n  FROM register_processingactivity a"
NEW = OLD.replace(
    _END,
    """c.until IS NULL))
    || CASE WHEN a.transfers_nl || a.transfers_en = '' THEN '{}'::jsonb ELSE jsonb_build_object(
        'transfers_nl', a.transfers_nl, 'transfers_en', a.transfers_en) END
  FROM register_processingactivity a""",
)
assert NEW != OLD


def drop_placeholder(apps, schema_editor):
    """“The list that the company keeps itself” is no list: nobody knows yet who works for it."""
    recipients = apps.get_model("register", "Recipient").objects
    recipients.filter(subprocessors=["De lijst die het bedrijf zelf bijhoudt"]).update(
        subprocessors=[]
    )


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0016_bookkeepers_and_estate_agents'),
    ]

    operations = [
        migrations.AddField(
            model_name='processingactivity',
            name='transfers_en',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='processingactivity',
            name='transfers_nl',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.RunSQL(sql=[(NEW, None)], reverse_sql=[(OLD, None)]),
        migrations.RunPython(drop_placeholder, migrations.RunPython.noop, elidable=False),
    ]
