import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row per person; an index in the workers' order; room on each page, for rows are updated
    three times."""

    dependencies = [
        ("messages", "0001_initial"),
        ("people", "0003_uuid7_at"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="message", name="messages_due"),
        migrations.AlterField(
            model_name="message",
            name="dispatch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="messages.dispatch",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["dispatch", "due_at", "id"],
                name="messages_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("dispatch", "person_id"), name="messages_once_per_person"
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE messages_message SET (fillfactor = 70)",
            "ALTER TABLE messages_message RESET (fillfactor)",
        ),
    ]
