import akkoord.datamap.ids
import django.db.models.deletion
from django.db import migrations, models

# The needles of a run stood in one row, its key; now in a row per batch.
PARTS = """
ALTER TABLE rights_erasuresearch ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE rights_erasuresearch DROP CONSTRAINT rights_erasuresearch_pkey;
ALTER TABLE rights_erasuresearch ADD CONSTRAINT rights_erasuresearch_pkey PRIMARY KEY (id);
ALTER TABLE rights_erasuresearch ALTER COLUMN id DROP DEFAULT;
CREATE INDEX rights_erasuresearch_run_id ON rights_erasuresearch (run_id);
"""
# Back again only while no run waits with several batches.
ONE = """
DROP INDEX rights_erasuresearch_run_id;
ALTER TABLE rights_erasuresearch DROP CONSTRAINT rights_erasuresearch_pkey;
ALTER TABLE rights_erasuresearch ADD CONSTRAINT rights_erasuresearch_pkey PRIMARY KEY (run_id);
ALTER TABLE rights_erasuresearch DROP COLUMN id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0008_recipients'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTS, ONE)],
            state_operations=[
                migrations.DeleteModel(name='ErasureSearch'),
                migrations.CreateModel(
                    name='ErasureSearch',
                    fields=[
                        ('id', models.UUIDField(default=akkoord.datamap.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search', to='rights.erasurerun')),
                        ('sealed', models.BinaryField()),
                    ],
                ),
            ],
        ),
    ]
