import akkoord.datamap.ids
import django.db.models.deletion
from django.db import migrations, models

# What was shown stays as it was shown (INV-7). Only what a file was called may be emptied, when it
# names somebody who is forgotten; and words that an event rests on never go.
FROZEN = """
CREATE FUNCTION consent_notice_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM consent_permissionevent WHERE notice_id = OLD.id) THEN
      RAISE EXCEPTION 'words that somebody agreed to cannot be removed';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.declared_for NOT IN (OLD.declared_for, '', '…')
     OR (NEW.id, NEW.kind, NEW.language, NEW.version, NEW.text, NEW.sha256, NEW.is_declared,
         NEW.declared_from, NEW.declared_to, NEW.declared_by, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.kind, OLD.language, OLD.version, OLD.text, OLD.sha256,
                          OLD.is_declared, OLD.declared_from, OLD.declared_to, OLD.declared_by,
                          OLD.created_at) THEN
    RAISE EXCEPTION 'words that were shown cannot be changed';
  END IF;
  RETURN NEW;
END $body$;
CREATE TRIGGER consent_notice_frozen BEFORE UPDATE OR DELETE ON consent_notice
FOR EACH ROW EXECUTE FUNCTION consent_notice_frozen();
"""
THAWED = """
DROP TRIGGER consent_notice_frozen ON consent_notice;
DROP FUNCTION consent_notice_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0016_a_second_no'),
        ('people', '0010_known_child_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedQuestion',
            fields=[
                ('id', models.UUIDField(default=akkoord.datamap.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(max_length=120)),
                ('wrapped_key', models.BinaryField(max_length=80)),
                ('sealed_at', models.DateTimeField()),
                ('enquiry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sealed', to='consent.enquiry')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name': 'words of a question, kept apart',
                'verbose_name_plural': 'words of questions, kept apart',
            },
        ),
        migrations.RunSQL(sql=[(FROZEN, None)], reverse_sql=[(THAWED, None)]),
    ]
