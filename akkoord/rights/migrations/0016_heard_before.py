"""What was so before an upgrade: each erasure at most once more rewritten, each answer once heard."""

from django.db import migrations, models

# Every clean run of a night was called the administrator's, whether or not its tables were written
# anew: the next night does those that have no end yet.
REWRITE = """
UPDATE rights_erasurerun SET physical_by = 'us' WHERE state = 'clean' AND physical_at IS NULL
"""

# An extension from before was told as it was decided, by mail or on paper: nobody was asked when.
EXTENDED = """
UPDATE rights_rightsrequest r
   SET extension_told_on = (s.at AT TIME ZONE 'Europe/Amsterdam')::date
  FROM rights_requeststep s
 WHERE s.request_id = r.id AND s.code = 'extended'
   AND r.extended_until IS NOT NULL AND r.extension_told_on IS NULL
"""

# Decided in the last three months and never heard, as the log has it: as `parts._is_untold`.
OWED = """
UPDATE rights_rightsrequest r SET owes_letter = true
 WHERE r.state IN ('done', 'refused') AND r.closed_at > now() - interval '3 months'
   AND (r.subject_id IS NOT NULL OR r.reply_to <> '')
   AND EXISTS (
       SELECT FROM rights_requestpart p
        WHERE p.request_id = r.id
          AND (p.state = 'refused'
               OR (p.state = 'done' AND p.decided_by IS NOT NULL
                   AND p.kind NOT IN ('objection', 'withdrawal', 'restriction', 'erasure')))
          AND NOT EXISTS (
              SELECT FROM rights_requeststep s
               WHERE s.request_id = r.id AND s.at >= p.decided_at
                 AND (s.code IN ('delivered', 'told-otherwise')
                      OR (s.code = 'lift-told' AND p.kind = 'objection-use'
                          AND p.state = 'done'))))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0015_long_lists_in_parts'),
    ]

    operations = [
        migrations.RunSQL(REWRITE, migrations.RunSQL.noop),
        migrations.RunSQL(EXTENDED, migrations.RunSQL.noop),
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='erasurelist',
            constraint=models.UniqueConstraint(fields=('run_id',), name='rights_list_own_run'),
        ),
    ]
