from django.db import migrations

# What a transaction is doing, for triggers that write down who and why at its end: the last line
# of the trail says it, and a reason belongs to one act only.
FORWARD = """
CREATE FUNCTION trail_tell_act() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM set_config('akkoord.act', jsonb_build_object('action', NEW.action,
    'actor_kind', NEW.actor_kind, 'actor_id', NEW.actor_id, 'at', NEW.at)::text, true);
  PERFORM set_config('akkoord.reason', '', true);
  RETURN NEW;
END $body$;
CREATE TRIGGER trail_change_act BEFORE INSERT ON trail_change
  FOR EACH ROW EXECUTE FUNCTION trail_tell_act();
"""
REVERSE = """
DROP TRIGGER trail_change_act ON trail_change;
DROP FUNCTION trail_tell_act();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('trail', '0004_seen'),
    ]

    operations = [
        migrations.RunSQL(sql=[(FORWARD, None)], reverse_sql=[(REVERSE, None)]),
    ]
