"""A yes given in the person's own browser counts as their own act (`fold_sql.BROWSER`)."""

from django.db import migrations

from akkoord.consent.fold_sql import BROWSER


class Migration(migrations.Migration):
    """Two functions; no table changes. Going back leaves them: no event of that kind is older."""

    dependencies = [("consent", "0008_no_everywhere")]

    operations = [migrations.RunSQL(BROWSER, migrations.RunSQL.noop)]
