"""Changes, blocks, leaves and their queue, append-only by triggers."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import akkoord.datamap.ids
from akkoord.trail.evented import evented_table
from akkoord.trail.ground import GROUND, GROUND_REVERSE


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blanking",
            fields=[
                ("event", models.UUIDField(primary_key=True, serialize=False)),
                ("run", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("height", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous_hash", models.BinaryField()),
                ("root", models.BinaryField()),
                ("size", models.IntegerField()),
                ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("event", models.UUIDField(primary_key=True, serialize=False)),
                ("block", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.TextField()),
                ("size", models.IntegerField()),
                ("events", models.BinaryField()),
                ("commitments", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=akkoord.datamap.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "actor_kind",
                    models.TextField(
                        choices=[
                            ("staff", "Staff"),
                            ("person", "The person"),
                            ("api", "API key"),
                            ("system", "Akkoord itself"),
                        ],
                        verbose_name="kind of actor",
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("action", models.TextField(verbose_name="action")),
                ("object_kind", models.TextField(verbose_name="object")),
                ("object_id", models.UUIDField(null=True)),
                ("subject_id", models.UUIDField(db_index=True, null=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        size=None,
                        verbose_name="fields",
                    ),
                ),
                ("request", models.TextField(blank=True, default="")),
                ("salt", models.BinaryField(null=True)),
                ("commitment", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["action", "id"], name="trail_change_action"),
                    models.Index(fields=["actor_id", "id"], name="trail_change_actor"),
                ],
            },
        ),
        migrations.RunSQL(sql=[(GROUND, None)], reverse_sql=[(GROUND_REVERSE, None)]),
        # Leaves of one block lie together; a BRIN index finds them and costs a writer nothing.
        migrations.AddIndex(
            model_name="leaf",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["block"], name="trail_leaf_block", pages_per_range=32
            ),
        ),
        evented_table(
            "trail_change",
            (
                "at",
                "actor_kind",
                "actor_id",
                "action",
                "object_kind",
                "object_id",
                "subject_id",
                "fields",
                "request",
            ),
            blankable=("object_id", "subject_id"),
        ),
    ]
