"""SQL that the gate's rules on sales stand on: how far a sale carries mail to a customer (INV-15).

Migration 0001 runs it; what it makes must never change afterwards (a new migration replaces it). A
function, so that the planner sees one cheap condition and looks customers up one by one, and
never joins the whole ledger or all sales to an audience.
"""

from typing import Final

SALE_STEP: Final = r"""
-- The step of one sale, as seen from an address and a topic (permission.sales.SaleStep).
CREATE FUNCTION permission_step_of(
  sale people_purchase, p_point uuid, p_purpose uuid, p_today date, p_earliest date, p_saw text[]
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $body$
BEGIN
  IF sale.id IS NULL OR sale.reversed_on IS NOT NULL THEN RETURN 0; END IF;
  IF sale.contact_point_id IS DISTINCT FROM p_point THEN RETURN 1; END IF;
  IF sale.optout_shown_id IS NULL OR NOT sale.optout_answer = ANY(p_saw) THEN RETURN 2; END IF;
  IF NOT EXISTS (
    SELECT FROM register_purpose p
      JOIN register_processingactivity a ON a.key = p.activity_key AND a.valid_to IS NULL
     WHERE p.id = p_purpose
       AND p.product_groups && array_append(coalesce(sale.other_groups, '{}'), sale.product_group)
       AND 'existing-customer' = ANY(string_to_array(a.telecom_basis, ' '))) THEN RETURN 3; END IF;
  -- The day is counted in UTC: a sale of just after midnight here is of tomorrow there.
  IF NOT sale.bought_on BETWEEN p_earliest AND p_today + 1 THEN RETURN 4; END IF;
  IF sale.company_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM people_relation r
     WHERE r.person_id = sale.person_id AND r.company_id = sale.company_id AND r.kind = 'contact'
       AND (r.until IS NULL OR r.until > p_today)) THEN RETURN 5; END IF;
  RETURN 6;
END $body$;

-- The step of the sale that an address is, or would be, reached on. 9: nothing rests on a sale.
-- Indexes: the primary keys of consent_permissionevent and people_purchase; people_purchase_last.
CREATE FUNCTION permission_sale_step(
  p_point uuid, p_person uuid, p_event uuid, p_basis text, p_state text, p_purpose uuid,
  p_today date, p_earliest date, p_saw text[]
) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $body$
DECLARE
  sale people_purchase;
  best integer;
BEGIN
  IF p_basis = 'existing-customer' AND p_state NOT IN ('refused', 'withdrawn', 'objected') THEN
    SELECT s.* INTO sale FROM people_purchase s
     WHERE s.id = (SELECT (e.evidence ->> 'sale')::uuid FROM consent_permissionevent e
                    WHERE e.id = p_event);
    RETURN permission_step_of(sale, p_point, p_purpose, p_today, p_earliest, p_saw);
  ELSIF p_state IS NULL AND EXISTS (
      SELECT FROM register_purpose p WHERE p.id = p_purpose AND p.product_groups <> '{}') THEN
    SELECT max(permission_step_of(s, p_point, p_purpose, p_today, p_earliest, p_saw)) INTO best
      FROM people_purchase s WHERE s.person_id = p_person;
    RETURN coalesce(best, 9);
  END IF;
  RETURN 9;
END $body$;
"""

SALE_STEP_REVERSE: Final = """
DROP FUNCTION permission_sale_step(uuid, uuid, uuid, text, text, uuid, date, date, text[]);
DROP FUNCTION permission_step_of(people_purchase, uuid, uuid, date, date, text[]);
"""
