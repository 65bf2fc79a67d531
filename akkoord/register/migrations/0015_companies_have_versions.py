from django.db import migrations

# Question: what does the register say of a company now? Its newest row; the way in which it hears
# of things without the address, which may be somebody's (INV-30). Index: none, there are dozens.
COMPANY = r"""
CREATE FUNCTION register_company(k text) RETURNS jsonb LANGUAGE sql STABLE AS $body$
  SELECT jsonb_build_object('key', p.key, 'name', p.name, 'role', p.role,
    'service_nl', p.service_nl, 'service_en', p.service_en, 'country', p.country,
    'safeguard', p.safeguard, 'contract_on', p.contract_on, 'review_on', p.review_on,
    'checked_on', p.checked_on, 'subprocessors', to_jsonb(p.subprocessors),
    'contract_name', p.contract_name,
    'contract_file', regexp_replace(p.contract_path, '^.*/|\.[^.]*$', '', 'g'),
    'told_by', p.told_by, 'is_ended', p.valid_to IS NOT NULL,
    'activities', (SELECT coalesce(jsonb_agg(DISTINCT a ORDER BY a), '[]')
      FROM unnest(p.activity_keys) AS a WHERE p.valid_to IS NULL))
  FROM register_recipient p WHERE p.key = k
  ORDER BY (p.valid_to IS NULL) DESC, p.valid_from DESC, p.id DESC LIMIT 1
$body$;

CREATE FUNCTION register_touches_company() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'INSERT' OR to_jsonb(OLD) IS DISTINCT FROM to_jsonb(NEW) THEN
    PERFORM register_touch(':company:' || NEW.key);
  END IF;
  RETURN NULL;
END $body$;

CREATE TRIGGER register_touch_company AFTER INSERT OR UPDATE ON register_recipient
  FOR EACH ROW EXECUTE FUNCTION register_touches_company();
"""
WITHOUT_COMPANIES = r"""
DROP TRIGGER register_touch_company ON register_recipient;
DROP FUNCTION register_touches_company();
DROP FUNCTION register_company(text);
"""
WRITE = r"""
CREATE OR REPLACE FUNCTION register_write(k text) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  now_says jsonb;
  last_one register_registerversion;
  act jsonb := nullif(current_setting('akkoord.act', true), '')::jsonb;
BEGIN
  -- One lock for all: whoever holds it waits for nothing else.
  PERFORM pg_advisory_xact_lock(hashtext('akkoord.register'));
  now_says := CASE WHEN k = ':house' THEN register_house() {company}
    ELSE register_record(k) END;
  SELECT * INTO last_one FROM register_registerversion WHERE key = k ORDER BY number DESC LIMIT 1;
  IF now_says IS NULL OR now_says = last_one.content THEN
    RETURN;
  END IF;
  INSERT INTO register_registerversion (id, key, number, content, made_at, actor_kind, changed_by,
      act, reason)
    VALUES (gen_random_uuid(), k, coalesce(last_one.number, 0) + 1, now_says,
      coalesce((act->>'at')::timestamptz, now()), coalesce(act->>'actor_kind', 'system'),
      (act->>'actor_id')::uuid, coalesce(act->>'action', ''),
      coalesce(current_setting('akkoord.reason', true), ''));
END $body$;
"""
OF_COMPANY = "WHEN starts_with(k, ':company:') THEN register_company(substr(k, 10))"
FORWARD = COMPANY + WRITE.replace("{company}", OF_COMPANY)
REVERSE = WRITE.replace("{company}", "") + WITHOUT_COMPANIES
# What stood before gets its first version, at the end of this migration.
FIRST = """
SELECT register_touch(key) FROM (SELECT DISTINCT ':company:' || key AS key
  FROM register_recipient) AS companies;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0014_links_with_dossier'),
    ]

    operations = [
        migrations.RunSQL(sql=[(FORWARD, None)], reverse_sql=[(REVERSE, None)]),
        migrations.RunSQL(sql=[(FIRST, None)], reverse_sql=migrations.RunSQL.noop),
    ]
