from django.db import migrations

from akkoord.register.presets_register import DATA, PROOFS
from akkoord.trail.evented import evented_table

FORWARD = r"""
-- The register follows what is done, in the same transaction (art. 30, INV-30).
--
-- Question: what does an entry say now? Answered by register_record, from the tables that acts
-- write to. A trigger on each of those notes which entries a transaction touches; at its end, once
-- per entry, register_follow compares the entry with its last version and adds one when it differs.
-- Indexes: register_version_number (key, number), register_activity_one_current (key).

CREATE FUNCTION register_record(k text) RETURNS jsonb LANGUAGE sql STABLE AS $body$
  SELECT jsonb_build_object(
    'key', a.key, 'role', a.role, 'name_nl', a.name_nl, 'name_en', a.name_en,
    'purpose_nl', a.purpose_nl, 'purpose_en', a.purpose_en,
    'legal_basis', a.legal_basis, 'telecom_basis', a.telecom_basis,
    'purpose_classes', to_jsonb(a.purpose_classes), 'subjects', to_jsonb(a.subjects),
    'proof_nl', a.proof_nl, 'proof_en', a.proof_en,
    'data_nl', to_jsonb(a.data_nl), 'data_en', to_jsonb(a.data_en),
    'source_nl', a.source_nl, 'source_en', a.source_en,
    'receivers_nl', to_jsonb(a.receivers_nl), 'receivers_en', to_jsonb(a.receivers_en),
    'term_nl', a.term_nl, 'term_en', a.term_en,
    'security_nl', a.security_nl, 'security_en', a.security_en,
    'clients', to_jsonb(a.clients), 'blanks', a.blanks, 'is_system', a.is_system,
    'is_published', a.published_at IS NOT NULL, 'is_ended', a.valid_to IS NOT NULL,
    'fields', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'key', f.key, 'name_nl', f.name_nl, 'name_en', f.name_en, 'category', f.category,
        'is_special', f.is_special, 'why_nl', u.why_nl, 'why_en', u.why_en) ORDER BY f.key), '[]')
      FROM register_activityfield u JOIN register_personaldatafield f ON f.id = u.field_id
      WHERE u.activity_key = k AND u.ended_at IS NULL),
    'terms', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'category', r.category, 'trigger', r.trigger, 'months', r.months, 'days', r.days,
        'criterion_nl', r.criterion_nl, 'criterion_en', r.criterion_en, 'action', r.action,
        'ground', r.ground, 'reason', r.reason) ORDER BY r.category), '[]')
      FROM register_retentionrule r WHERE r.activity_key = k AND r.valid_to IS NULL),
    'recipients', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'key', p.key, 'name', p.name, 'role', p.role, 'service_nl', p.service_nl,
        'service_en', p.service_en, 'country', p.country, 'safeguard', p.safeguard,
        'contract_on', p.contract_on, 'review_on', p.review_on, 'checked_on', p.checked_on,
        'subprocessors', to_jsonb(p.subprocessors)) ORDER BY p.key), '[]')
      FROM register_recipient p
      WHERE p.valid_to IS NULL AND p.activity_keys @> ARRAY[k]::varchar[]),
    'topics', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'slug', t.slug, 'channels', to_jsonb(t.channels), 'name_nl', v.name_nl,
        'name_en', v.name_en, 'description_nl', v.description_nl,
        'description_en', v.description_en, 'frequency_nl', t.frequency_nl,
        'frequency_en', t.frequency_en, 'consent_months', t.consent_months,
        'product_groups', to_jsonb(t.product_groups)) ORDER BY t.slug), '[]')
      FROM register_purpose t
      JOIN register_purposeversion v ON v.purpose_id = t.id AND v.valid_to IS NULL
      WHERE t.activity_key = k AND t.ended_at IS NULL),
    'weighing', (SELECT jsonb_build_object('interest', b.interest, 'necessity', b.necessity,
        'balance', b.balance, 'version', b.version, 'covers_customers', b.covers_customers,
        'covers_bought', b.covers_bought)
      FROM register_balancingtest b WHERE b.activity_key = k AND b.valid_to IS NULL),
    'forms', (SELECT coalesce(jsonb_agg(c.name ORDER BY c.name, c.form_id), '[]')
      FROM register_collecting c WHERE c.activity_key = k AND c.until IS NULL))
  FROM register_processingactivity a WHERE a.key = k ORDER BY a.version DESC LIMIT 1
$body$;

CREATE FUNCTION register_house() RETURNS jsonb LANGUAGE sql STABLE AS $body$
  SELECT jsonb_build_object('key', ':house', 'name', o.name, 'address', o.address,
    'contact_email', o.contact_email, 'contact_phone', o.contact_phone, 'website', o.website,
    'officer_name', o.officer_name, 'officer_email', o.officer_email,
    'representative', o.representative, 'joint_controllers', o.joint_controllers,
    'measures', (SELECT coalesce(jsonb_agg(jsonb_build_object('key', m.key,
        'name_nl', m.name_nl, 'name_en', m.name_en, 'is_measured', m.is_measured,
        'declared_on', m.declared_on, 'review_on', m.review_on) ORDER BY m.key), '[]')
      FROM register_measure m WHERE m.valid_to IS NULL))
  FROM register_organisation o WHERE o.id = 1
$body$;

CREATE FUNCTION register_write(k text) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  now_says jsonb;
  last_one register_registerversion;
  act jsonb := nullif(current_setting('akkoord.act', true), '')::jsonb;
BEGIN
  -- One lock for all: whoever holds it waits for nothing else.
  PERFORM pg_advisory_xact_lock(hashtext('akkoord.register'));
  now_says := CASE k WHEN ':house' THEN register_house() ELSE register_record(k) END;
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

CREATE FUNCTION register_touch(k text) RETURNS void LANGUAGE sql AS $body$
  INSERT INTO register_touched (key, act)
    VALUES (k, pg_current_xact_id()::text) ON CONFLICT DO NOTHING
$body$;

CREATE FUNCTION register_touches() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
BEGIN
  IF old_row = new_row THEN
    RETURN NULL;
  END IF;
  CASE TG_ARGV[0]
    WHEN 'house' THEN
      PERFORM register_touch(':house');
    WHEN 'key' THEN
      PERFORM register_touch(k) FROM (SELECT DISTINCT unnest(
        ARRAY[old_row->>TG_ARGV[1], new_row->>TG_ARGV[1]]) AS k) AS keys WHERE k IS NOT NULL;
    WHEN 'keys' THEN
      PERFORM register_touch(k) FROM (
        SELECT jsonb_array_elements_text(coalesce(old_row->'activity_keys', '[]')) AS k
        UNION SELECT jsonb_array_elements_text(coalesce(new_row->'activity_keys', '[]'))) AS keys;
    WHEN 'purpose' THEN
      PERFORM register_touch(t.activity_key) FROM register_purpose t
        WHERE t.id = (coalesce(new_row, old_row)->>'purpose_id')::uuid;
    WHEN 'field' THEN
      PERFORM register_touch(u.activity_key) FROM (SELECT DISTINCT activity_key
        FROM register_activityfield WHERE field_id = (new_row->>'id')::uuid AND ended_at IS NULL) AS u;
  END CASE;
  RETURN NULL;
END $body$;

CREATE FUNCTION register_follow() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  DELETE FROM register_touched WHERE id = NEW.id;
  PERFORM register_write(NEW.key);
  RETURN NULL;
END $body$;

CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_processingactivity
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_activityfield
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'activity_key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_retentionrule
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'activity_key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_purpose
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'activity_key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_balancingtest
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'activity_key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_collecting
  FOR EACH ROW EXECUTE FUNCTION register_touches('key', 'activity_key');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_recipient
  FOR EACH ROW EXECUTE FUNCTION register_touches('keys');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_purposeversion
  FOR EACH ROW EXECUTE FUNCTION register_touches('purpose');
CREATE TRIGGER register_touch AFTER UPDATE ON register_personaldatafield
  FOR EACH ROW EXECUTE FUNCTION register_touches('field');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_organisation
  FOR EACH ROW EXECUTE FUNCTION register_touches('house');
CREATE TRIGGER register_touch AFTER INSERT OR UPDATE OR DELETE ON register_measure
  FOR EACH ROW EXECUTE FUNCTION register_touches('house');
CREATE CONSTRAINT TRIGGER register_follow AFTER INSERT ON register_touched
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register_follow();
"""
REVERSE = """
DROP TRIGGER register_follow ON register_touched;
DROP TRIGGER register_touch ON register_processingactivity;
DROP TRIGGER register_touch ON register_activityfield;
DROP TRIGGER register_touch ON register_retentionrule;
DROP TRIGGER register_touch ON register_purpose;
DROP TRIGGER register_touch ON register_balancingtest;
DROP TRIGGER register_touch ON register_collecting;
DROP TRIGGER register_touch ON register_recipient;
DROP TRIGGER register_touch ON register_purposeversion;
DROP TRIGGER register_touch ON register_personaldatafield;
DROP TRIGGER register_touch ON register_organisation;
DROP TRIGGER register_touch ON register_measure;
DROP FUNCTION register_follow();
DROP FUNCTION register_touches();
DROP FUNCTION register_touch(text);
DROP FUNCTION register_write(text);
DROP FUNCTION register_house();
DROP FUNCTION register_record(text);
"""


def write_first(apps, schema_editor):
    """What stood before gets its proof and its first version, at the end of this migration."""
    activities = apps.get_model("register", "ProcessingActivity").objects.filter(valid_to=None)
    for each in activities:
        proof, data = PROOFS.get(each.key), DATA.get(each.key, ())
        if proof:
            each.proof_nl, each.proof_en = proof.nl, proof.en
        each.data_nl = [words.nl for words in data]
        each.data_en = [words.en for words in data]
        each.published_at = each.valid_from
        each.save()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT register_touch(key) FROM register_processingactivity GROUP BY key")
        cursor.execute("SELECT register_touch(':house') FROM register_organisation")


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0010_versions'),
        ('trail', '0005_running_act'),
    ]

    operations = [
        evented_table(
            "register_registerversion",
            ("key", "number", "content", "made_at", "actor_kind", "changed_by", "act", "reason"),
        ),
        migrations.RunSQL(sql=[(FORWARD, None)], reverse_sql=[(REVERSE, None)]),
        migrations.RunPython(write_first, migrations.RunPython.noop, elidable=False),
    ]
