from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("composing", "0001_blocks_style_pictures")]

    operations = [
        migrations.RunSQL(
            "UPDATE composing_keptletter SET name = '', subject = '', preheader = '', body = '' "
            "WHERE ended_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="keptletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None),
                    models.Q(("body", ""), ("name", ""), ("preheader", ""), ("subject", "")),
                    _connector="OR",
                ),
                name="composing_ended_is_emptied",
            ),
        ),
    ]
