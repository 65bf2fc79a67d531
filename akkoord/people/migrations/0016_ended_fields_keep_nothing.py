from django.db import migrations

# A field that was ended keeps nothing more, whoever writes at the same moment (INV-31): the lock
# waits for who ends it, and then the row is not there any more.
FORWARD = """
CREATE FUNCTION people_living_field() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM FROM register_personaldatafield
    WHERE id = NEW.field_id AND ended_at IS NULL FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $body$;
CREATE TRIGGER people_living_field BEFORE INSERT OR UPDATE OF value ON people_ownfieldvalue
  FOR EACH ROW EXECUTE FUNCTION people_living_field();
"""
BACKWARD = """
DROP TRIGGER people_living_field ON people_ownfieldvalue;
DROP FUNCTION people_living_field();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_review"),
        ("register", "0011_follow"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
