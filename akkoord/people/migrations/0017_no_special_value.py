from django.db import migrations

GUARD = r"""
-- An answer in plain words is never of a special category: groups, letters, series, downloads and
-- the API read this table, so they can never meet one (art. 9 GDPR, INV-32).
-- Question: is this field special? Index: the primary key of register_personaldatafield.

CREATE FUNCTION people_no_special_value() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF EXISTS (SELECT FROM register_personaldatafield f
              WHERE f.id = NEW.field_id AND f.is_special) THEN
    RAISE EXCEPTION 'INV-32: a special category is kept sealed, or not at all'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'people_inv32_no_special_value';
  END IF;
  RETURN NEW;
END $body$;
CREATE TRIGGER people_no_special_value BEFORE INSERT OR UPDATE OF field_id ON people_ownfieldvalue
  FOR EACH ROW EXECUTE FUNCTION people_no_special_value();
"""
BACK = "DROP FUNCTION people_no_special_value() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0016_ended_fields_keep_nothing"),
        ("register", "0012_special_exceptions"),
    ]

    operations = [migrations.RunSQL(GUARD, BACK)]
